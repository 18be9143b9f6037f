// <local-time>: a moment in the reader's own zone and the page's language.
const FORMS = {
  time: { hour: "2-digit", minute: "2-digit" },
  day: { weekday: "long", day: "numeric", month: "long" },
};

// The page says which language; the browser knows its variety, such as the clock of 24 hours.
function variety(lang) {
  const [base] = lang.split("-");
  return navigator.languages.find((one) => one.split("-")[0] === base) ?? lang;
}

class LocalTime extends HTMLElement {
  connectedCallback() {
    const time = this.querySelector("time");
    const moment = new Date(time.dateTime);
    const lang = variety(document.documentElement.lang);
    time.textContent = moment.toLocaleString(lang, FORMS[this.dataset.form ?? "time"]);
    time.title = moment.toLocaleString(lang, { dateStyle: "full", timeStyle: "medium" });
  }
}

customElements.define("local-time", LocalTime);
