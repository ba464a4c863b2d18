// The time that is left, by the server's word: each answer of it says anew how much. The device's own clock only counts
// on from there, so a wrong one does no harm.

import {count} from './dom.js';

const minute = 60000;
const hour = 60 * minute;
const ask_again_ms = 500;
const warning_ms = 5 * minute;

/** "3 days", "24 hours", "90 minutes": rounded to the nearest, as people speak of it. */
export function span_text(ms) {
  if (ms >= 47.5 * hour) return `${Math.round(ms / (24 * hour))} days`;
  if (ms >= 1.95 * hour) return `${Math.round(ms / hour)} hours`;
  return count(Math.max(1, Math.round(ms / minute)), 'minute');
}

/** Calm while there is plenty; to the second in the last minutes. */
function time_text(ms) {
  if (ms >= warning_ms) return `${span_text(ms)} left`;
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} left`;
}

export class Countdown {
  /** on_tick(text, is_short), on_warning(text): to be said aloud, on_over(). */
  constructor({on_tick, on_warning, on_over}) {
    Object.assign(this, {on_tick, on_warning, on_over});
    this.ends_at = Infinity;
    this.warnings = [[minute, 'One minute left.'], [warning_ms, 'Less than five minutes left.']];
    this.timer = setInterval(() => this.#tick(), 1000);
    document.addEventListener('visibilitychange', () => this.#tick());
  }

  set(remaining_ms) {
    // Where the server has not yet seen that it is over, it is asked again soon, not at once.
    this.ends_at = Date.now() + Math.max(remaining_ms, ask_again_ms);
    this.#tick();
  }

  stop() {
    clearInterval(this.timer);
    this.ends_at = Infinity;
  }

  #tick() {
    const left = this.ends_at - Date.now();
    if (left === Infinity) return;
    this.on_tick(time_text(left), left < warning_ms);
    const due = this.warnings.find(([below]) => left < below);
    if (due && left > 0) {
      this.warnings = this.warnings.filter(([below]) => below < due[0]);
      this.on_warning(due[1]);
    }
    if (left <= 0) {
      this.ends_at = Infinity;
      this.on_over();
    }
  }
}
