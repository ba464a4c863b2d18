#include "conformance/store_harness.hpp"
#include "store/sqlite/store.hpp"

namespace posthorn::conformance {

std::vector<implementation> implementations() {
  return {{"sqlite", [](const std::string& directory, base::clock& clock) -> base::result<opened_store> {
             auto made = store::sqlite::embedded_store::open(
                 {.data_directory = directory, .master_key = std::string(32, 'k'), .disk_free_low_water_bytes = 0},
                 clock);
             if (!made) return std::unexpected(made.error());
             std::shared_ptr<store::sqlite::embedded_store> owner = std::move(*made);
             opened_store opened;
             opened.intake = &owner->intake();
             opened.log = &owner->log();
             opened.directory = &owner->directory();
             opened.config = &owner->config();
             opened.queries = &owner->reads();
             opened.replays = &owner->replays();
             opened.sessions = &owner->sessions();
             opened.traffic = &owner->traffic();
             opened.links = &owner->links();
             opened.people = &owner->people();
             opened.health = &owner->condition();
             opened.start = [raw = owner.get()](store::delivery_sink& sink) { return raw->start(sink); };
             opened.owner = std::move(owner);
             return opened;
           }}};
}

}  // namespace posthorn::conformance
