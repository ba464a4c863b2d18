"""The measurements (a) to (g). Each yields report lines; rounds of what is compared are interleaved."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from .machine import Steal
from .programs import Server, Sink, Watch, run_load, run_wrk
from .report import Line

STEAL_PERCENT_MAX = 3.0
TRIES_MAX = 4  # of one measurement, while the host takes too much away
TYPE = "bench.measured"  # not of the catalogue: what is measured is the engine
HUNG_TYPE = "bench.hung"
HUNG_EVENTS = 40  # more than an endpoint's 16 in flight: its lane stays full as long as a round lasts
HUNG_TIMEOUT_S = 5


@dataclass
class Settings:
    build: Path
    scratch: Path
    rounds: int
    seconds: int
    connections: int
    payload_bytes: int
    in_flight: int
    fill_events: int
    parked: tuple


class Bench:
    def __init__(self, settings, say):
        self.settings, self.say = settings, say
        self.voided, self.lost, self.steals, self.index_lags = 0, 0, [], []
        self.rss_mb_max = 0.0  # of the latest load
        self._stores = 0

    # --- parts --------------------------------------------------------------------------------------------------------

    def steady(self, label, measure):
        """`measure()`'s result from a run in which the host took at most STEAL_PERCENT_MAX; None if there was none."""
        for _ in range(TRIES_MAX):
            steal = Steal()
            result = measure()
            percent = steal.percent()
            self.steals.append(percent)
            shown = f"{result:,.1f}" if isinstance(result, float) else f"p99 {result['p99']:,} µs"
            void = percent > STEAL_PERCENT_MAX
            self.say(f"{label:<60} {shown:>14}   steal {percent:.1f} %{': void' if void else ''}")
            if not void:
                return result
            self.voided += 1
        return None

    def server(self, data=None):
        if data is None:
            self._stores += 1
            data = self.settings.scratch / f"store-{self._stores}"
        return Server(self.settings.build, data, self.settings.scratch / "server.log")

    def sink(self, *flags):
        return Sink(self.settings.build, self.settings.scratch / "sink.log", *flags)

    def endpoints(self, server, sink, names, event_types):
        return [server.make_endpoint(sink.url(name), event_types=event_types, in_flight_max=self.settings.in_flight)
                for name in names]

    def wire(self, sink):
        s = self.settings
        return run_wrk(sink.url("wire"), s.scratch, s.connections, s.seconds, s.payload_bytes)

    def delivered(self, server, sink, fan_out=1, **load):
        """Deliveries a second: all that were accepted, over the time from the first request to the last arrival."""
        s = self.settings
        sink.reset()
        options = {"connections": s.connections, "seconds": s.seconds, "payload_bytes": s.payload_bytes, "types": TYPE}
        with Watch(server) as watch:
            report = run_load(s.build, server, **{**options, **load})
            owed = report["accepted"] * fan_out
            stats = sink.wait_for(owed)
        self.lost += max(0, owed - stats["count"])
        if watch.index_lag_max is not None:
            self.index_lags.append(watch.index_lag_max)
        self.rss_mb_max = watch.rss_mb_max
        return stats["count"] / max(1, stats["last_us"] - report["started_us"]) * 1e6

    # --- (a) (b) (c) --------------------------------------------------------------------------------------------------

    def wire_and_rates(self, wanted):
        kinds = [("b", "single posts", {}, 1, 0.25, 0.37),
                 ("b", "single posts, idempotency keys", {"idempotency": True}, 1, None, None),
                 ("b", "single posts, fan-out 3, deliveries", {}, 3, None, None),
                 ("c", "batches of 100", {"batch": 100}, 1, 0.50, 0.80)]
        kinds = [kind for kind in kinds if kind[0] in wanted]
        wires, found = [], {kind[1]: ([], []) for kind in kinds}
        with self.sink() as sink, self.server() as one, self.server() as three:
            for server, fan_out in ((one, 1), (three, 3)):
                server.make_deployment()
                self.endpoints(server, sink, [f"to/{i}" for i in range(fan_out)], ["*"])
            for turn in range(self.settings.rounds):
                wire = self.steady(f"a  wire, round {turn + 1}", lambda: self.wire(sink))
                if wire is not None:
                    wires.append(wire)
                for key, what, load, fan_out, _, _ in kinds:
                    server = one if fan_out == 1 else three
                    rate = self.steady(f"{key}  {what}, round {turn + 1}",
                                       lambda: self.delivered(server, sink, fan_out, **load))
                    if rate is not None and wire is not None:
                        found[what][0].append(rate)
                        found[what][1].append(rate / wire)
        yield Line("a", f"wire limit, wrk into the sink, {self.settings.connections} connections", "/s", wires)
        for key, what, _, _, floor, goal in kinds:
            yield Line(key, what, "/s", *found[what], floor=floor, goal=goal)

    # --- (d) ----------------------------------------------------------------------------------------------------------

    def latency(self):
        halves, tails = [], []
        with self.sink("--latency") as sink, self.server() as server:
            server.make_deployment()
            self.endpoints(server, sink, ["to"], ["*"])
            self.delivered(server, sink, rate=2000, seconds=1)
            for turn in range(self.settings.rounds):
                def measure():
                    self.delivered(server, sink, rate=2000)
                    return sink.stats()["latency_us"]
                got = self.steady(f"d  latency at 2,000/s, round {turn + 1}", measure)
                if got is not None:
                    halves.append(got["p50"] / 1000)
                    tails.append(got["p99"] / 1000)
        yield Line("d", "latency at 2,000/s, p50", "ms", halves)
        yield Line("d", "latency at 2,000/s, p99", "ms", tails, floor=5, at_most=True,
                   note="from the time a request falls due at the producer to its arrival: the way in is included")

    # --- (e) ----------------------------------------------------------------------------------------------------------

    def hung(self):
        for others, hung in ((0, 100), (9, 1)):
            what = f"{hung} hung endpoint{'s' if hung > 1 else ''} beside {others or 'the measured one'}"
            costs = []
            with self.sink() as sink, self.sink("--hang") as hanging, self.server() as server:
                server.make_deployment()
                types = [TYPE] if not others else [f"bench.type_{i}" for i in range(others)]
                for kind in types:
                    self.endpoints(server, sink, [kind], [kind])
                for turn in range(self.settings.rounds):
                    cost = self.steady(f"e  {what}, % lost, round {turn + 1}",
                                       lambda: self.cost_of_hung(server, sink, hanging, hung, ",".join(types)))
                    if cost is not None:
                        costs.append(cost)
            yield Line("e", f"{what}: rate lost", "%", costs, floor=5, at_most=True)

    def cost_of_hung(self, server, sink, hanging, hung, types):
        without = self.delivered(server, sink, types=types)
        ids = [server.make_endpoint(hanging.url(f"hung/{i}"), event_types=[HUNG_TYPE]) for i in range(hung)]
        for i in range(HUNG_EVENTS):
            server.call("POST", "/v1/events", {"type": HUNG_TYPE, "uid": f"hung-{i:05}", "details": {}})
        beside = self.delivered(server, sink, types=types)
        for endpoint in ids:
            server.call("DELETE", f"/v1/endpoints/{endpoint}")
        time.sleep(HUNG_TIMEOUT_S + 1)  # what was in flight ends by its timeout, before the next pair
        return 100.0 * (1 - beside / without)

    # --- (f) ----------------------------------------------------------------------------------------------------------

    def memory(self):
        s = self.settings
        with self.sink() as sink, self.server() as server:
            server.make_deployment()
            self.endpoints(server, sink, ["to"], ["*"])
            time.sleep(3)
            idle = server.rss_mb()
            self.say(f"{'f  idle, MB':<60} {idle:>14.1f}")
            self.delivered(server, sink)
            loaded = self.rss_mb_max
            self.say(f"{'f  under load, MB':<60} {loaded:>14.1f}")
        yield Line("f", "memory, idle", "MB", [idle], floor=20, at_most=True)
        yield Line("f", "memory, under load, most", "MB", [loaded])
        first = None
        with self.sink() as sink, self.server() as server:
            server.make_deployment()
            endpoint = self.endpoints(server, sink, ["to"], ["*"])[0]
            server.call("POST", f"/v1/endpoints/{endpoint}/pause")
            parked = 0
            for target in s.parked:
                report = run_load(s.build, server, connections=8, batch=100, count=target - parked,
                                  payload_bytes=s.payload_bytes, types=TYPE)
                parked += report["accepted"]
                time.sleep(3)
                now = server.rss_mb()
                self.say(f"{f'f  {parked:,} parked, MB':<60} {now:>14.1f}")
                yield Line("f", f"memory, {parked:,} parked", "MB", [now], at_most=True,
                           floor=80 if first is None else round(first * 1.1, 1))
                first = first or now

    # --- (g) ----------------------------------------------------------------------------------------------------------

    def full_store(self):
        s = self.settings
        ratios, rates = [], []
        filled = s.scratch / "store-filled"
        with self.sink() as sink:
            with self.server(filled) as server:
                server.make_deployment()
                self.endpoints(server, sink, ["to"], ["*"])
                began = time.monotonic()
                self.delivered(server, sink, batch=100, count=s.fill_events)
                self.say(f"g  {s.fill_events:,} events put in, in {time.monotonic() - began:.0f} s")
                for turn in range(s.rounds):
                    ratio = self.steady(f"g  ratio to an empty store, round {turn + 1}",
                                        lambda: self.filled_to_empty(server, sink, rates))
                    if ratio is not None:
                        ratios.append(ratio)
        yield Line("g", f"rate on {s.fill_events:,} events, to an empty store's", "", ratios, floor=0.9,
                   note=f"rates there: {', '.join(f'{rate:,.0f}' for rate in rates)} /s")

    def filled_to_empty(self, server, sink, rates):
        with self.server() as empty:
            empty.make_deployment()
            self.endpoints(empty, sink, ["to"], ["*"])
            on_empty = self.delivered(empty, sink)
        shutil.rmtree(self.settings.scratch / f"store-{self._stores}", ignore_errors=True)
        rates.append(self.delivered(server, sink))
        return rates[-1] / on_empty
