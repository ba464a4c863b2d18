// For a line so bad that a part of the page does not come, and for browsers too old for it: then nothing else of it
// runs, so this is a script of its own, in the oldest JavaScript there is. Once a screen is shown it does nothing.
(function () {
  'use strict';
  var patience_ms = 12000;

  function has_begun() { return document.querySelector('.screen') !== null; }

  function add(to, tag, text) {
    var made = document.createElement(tag);
    made.textContent = text;
    made.className = 'loading';
    return to.appendChild(made);
  }

  function offer() {
    var main = document.getElementById('main');
    if (has_begun() || document.getElementById('again')) return;
    main.textContent = '';
    add(main, 'h1', 'Not loaded yet');
    add(main, 'p', 'The connection is slow or away, or this browser is too old for this page. Nothing is lost.')
      .setAttribute('role', 'alert');
    var again = add(main, 'button', 'Try again');
    again.id = 'again';
    again.onclick = function () { location.reload(); };
  }

  addEventListener('error', function (event) { if (event.target.tagName === 'SCRIPT') offer(); }, true);
  addEventListener('online', function () { if (!has_begun()) location.reload(); });
  setTimeout(offer, patience_ms);
})();
