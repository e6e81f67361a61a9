// Makes the sign-in and account pages pleasanter; each works without it. Written so that old
// engines understand it.
(function () {
  "use strict";

  function each(selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  }

  // The answer to an app that asked to get it by POST.
  each("form[data-submit]", function (form) {
    form.submit();
  });

  // Decisions count only half a second after the page could be seen and had the focus, and only
  // when a person made them: whoever lures two quick clicks does not get the second.
  var awakeAt = Date.now() + 500;
  function sleepAgain() {
    awakeAt = Date.now() + 500;
  }
  document.addEventListener("visibilitychange", sleepAgain);
  window.addEventListener("focus", sleepAgain);
  window.addEventListener("pageshow", sleepAgain);
  each("[data-wake]", function (button) {
    button.addEventListener("click", function (event) {
      if (event.isTrusted === false || Date.now() < awakeAt || document.visibilityState === "hidden") {
        event.preventDefault();
      }
    });
  });

  // A form is sent once.
  each("form", function (form) {
    var sent = false;
    form.addEventListener("submit", function (event) {
      if (sent) {
        event.preventDefault();
      }
      sent = true;
      form.setAttribute("aria-busy", "true");
    });
    window.addEventListener("pageshow", function () {
      sent = false;
      form.removeAttribute("aria-busy");
    });
  });

  each("button[data-reveal]", function (button) {
    var input = document.getElementById(button.getAttribute("data-reveal"));
    var words = [button.textContent, button.getAttribute("data-hide")];
    button.hidden = false;
    function show(visible) {
      input.type = visible ? "text" : "password";
      button.textContent = words[visible ? 1 : 0];
    }
    button.addEventListener("click", function () {
      show(input.type === "password");
      input.focus();
    });
    // What is sent is a password, so that no browser remembers it as text.
    input.form.addEventListener("submit", function () {
      show(false);
    });
  });

  // Looks for a name in a long list. Enter sends nothing: it would press the form's first button.
  each("[data-filter]", function (field) {
    var input = field.querySelector("input");
    var none = field.querySelector("[role=status] span");
    var lines = document.getElementById(field.getAttribute("data-filter")).children;
    field.hidden = false;
    input.addEventListener("input", function () {
      var wanted = input.value.trim().toLowerCase();
      none.hidden = true;
      var found = Array.prototype.filter.call(lines, function (line) {
        line.hidden = line.textContent.toLowerCase().indexOf(wanted) < 0;
        return !line.hidden;
      });
      none.hidden = found.length > 0;
    });
    input.addEventListener("keydown", function (event) {
      if (event.key === "Enter") {
        event.preventDefault();
      }
    });
  });

  if (navigator.clipboard) {
    each("button[data-copy]", function (button) {
      var words = button.textContent;
      button.hidden = false;
      button.addEventListener("click", function () {
        var source = document.getElementById(button.getAttribute("data-copy"));
        navigator.clipboard.writeText(source.textContent).then(function () {
          button.textContent = button.getAttribute("data-done");
          setTimeout(function () {
            button.textContent = words;
          }, 1600);
        });
      });
    });
  }
})();
