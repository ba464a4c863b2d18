// How a person was there: one visit is one load of the page. Totals, so that a report that arrives twice counts once.

export class Visit {
  constructor() {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    this.id = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => letters[byte & 63]).join('');
    this.focus_lost = 0;
    this.away_before_ms = 0;
    this.left_at = null;
    this.shown_at = performance.now();
    const look = () => this.#look();
    document.addEventListener('visibilitychange', look);
    addEventListener('blur', look);
    addEventListener('focus', look);
  }

  #look() {
    const is_away = document.hidden || !document.hasFocus();
    if (is_away && this.left_at === null) {
      this.focus_lost += 1;
      this.left_at = performance.now();
    } else if (!is_away && this.left_at !== null) {
      this.away_before_ms += performance.now() - this.left_at;
      this.left_at = null;
    }
  }

  totals() {
    const away_now_ms = this.left_at === null ? 0 : performance.now() - this.left_at;
    return {visit: this.id, focus_lost: this.focus_lost, away_ms: Math.round(this.away_before_ms + away_now_ms)};
  }

  /** An item comes on the screen. */
  begin_item() { this.shown_at = performance.now(); }

  /** Since the item was shown, or since the choice before this one. */
  take_item_ms() {
    const now = performance.now();
    const took = now - this.shown_at;
    this.shown_at = now;
    return took;
  }
}
