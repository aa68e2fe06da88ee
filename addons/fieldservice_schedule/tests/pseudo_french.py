"""A French that nobody speaks, made from our templates: what of a page is not in it does not go through translation."""

import contextlib
import json
import tempfile

import polib

from odoo.tools import file_path
from odoo.tools.misc import ReadonlyDict
from odoo.tools.translate import (
    JAVASCRIPT_TRANSLATION_COMMENT,
    PYTHON_TRANSLATION_COMMENT,
    CodeTranslations,
    TranslationImporter,
    code_translations,
)

LANG = "fr_FR"
MARK = "ŵ"
"""With what each translated text begins; no text of data has it."""
LONG = "anticonstitutionnellement"
"""Twenty-five letters: a page that bears this word bears French."""

DATE = (
    r"(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(lun|mar|mer|jeu|ven|sam|dim)\."
    r"|(janv|févr|avr|juil|sept|oct|nov|déc)\."
    r"|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
)
"""The words of French dates: nobody translates them, they come with the language."""
LOOK = """
const MARK = %(mark)s, DATA = %(data)s;
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
async function until(find, what) {
    for (const end = Date.now() + 60000; Date.now() < end; await pause(50)) {
        const found = find();
        if (found) { return found; }
    }
    throw new Error(`waited in vain: ${what} in ${document.body.innerText.slice(0, 600)}`);
}
const all = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.offsetParent || one.open);
const press = async (selector, text = "") => (await until(
    () => all(selector).find((one) => one.textContent.includes(text) && !one.disabled), `${selector} ${text}`)).click();
const DATE = /%(date)s/g;
const is_word = (text) => /\\p{L}{3,}/u.test(text.replace(DATE, ""));
const strip = (text) => DATA.reduce((rest, one) => rest.replaceAll(one, ""), text);
const is_known = (text) => text.includes(MARK) || DATA.some((one) => one.includes(text)) || !is_word(strip(text));
function read(name, root = document.body) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const wrong = [];
    while (walker.nextNode()) {
        const node = walker.currentNode, parent = node.parentElement, text = node.textContent.trim();
        if (!is_word(text) || is_known(text) || parent.closest("script, style, noscript, time")) { continue; }
        // the piece of a sentence beside a translated piece in the same element was translated with it
        if (![...parent.childNodes].some((one) => one.textContent.includes(MARK))) { wrong.push(text); }
    }
    for (const element of root.querySelectorAll("[alt], [aria-label], [placeholder], [title]")) {
        for (const key of ["alt", "aria-label", "placeholder", "title"]) {
            const text = element.getAttribute(key) || "";
            if (is_word(text) && !is_known(text)) { wrong.push(`${key}: ${text}`); }
        }
    }
    if (wrong.length) { throw new Error(`${name} is not translated: ${[...new Set(wrong)].join(" | ")}`); }
    for (const box of [document.scrollingElement, ...document.querySelectorAll("dialog")]) {
        if (box.scrollWidth > box.clientWidth + 1) {
            const wide = [...box.querySelectorAll("*")].filter((one) => {
                const range = document.createRange();  // with the text, which may be wider than its element
                range.selectNodeContents(one);
                return range.getBoundingClientRect().right > box.clientWidth;
            });
            throw new Error(`${name} is ${box.scrollWidth} px wide: ${wide.map((one) => one.outerHTML.slice(0, 120))}`);
        }
    }
}
"""
"""With what a look through pages begins: ``read(name)`` raises at what is not translated, or wider than the screen."""


@contextlib.contextmanager
def _write_po(addon):
    """Give the block the template of an addon as a translated file."""
    file = polib.pofile(file_path(f"{addon}/i18n/{addon}.pot"))
    for entry in file:
        text = f"{MARK}{entry.msgid}"
        entry.msgstr = text if "<" in text or "\n" in text else f"{text} {LONG}"
    with tempfile.NamedTemporaryFile(suffix=".po") as out:
        out.write(str(file).encode())
        out.flush()
        yield out


def _read_code_texts(file, comment):
    """Return the texts of code in a translated file as Odoo keeps them: those of pages, or those of Python."""
    read = CodeTranslations._read_code_translations_file
    texts = read(file, lambda row: row["value"] and comment in row["comments"])
    if comment == PYTHON_TRANSLATION_COMMENT:
        return ReadonlyDict(texts)
    return ReadonlyDict({"messages": tuple(ReadonlyDict({"id": key, "string": text}) for key, text in texts.items())})


def speak_french(case, *addons):
    """Translate addons for the length of a test case: texts of code by Odoo's reader, those of data in the database."""
    case.env["res.lang"]._activate_lang(LANG)
    known = {
        JAVASCRIPT_TRANSLATION_COMMENT: code_translations.web_translations,
        PYTHON_TRANSLATION_COMMENT: code_translations.python_translations,
    }
    for addon in addons:
        with _write_po(addon) as file:
            for comment, kept in known.items():
                kept[addon, LANG] = _read_code_texts(file, comment)
                case.addClassCleanup(kept.pop, (addon, LANG), None)
            file.seek(0)
            importer = TranslationImporter(case.env.cr)
            importer.load(file, "po", LANG)
            importer.save(overwrite=True)
    case.env.registry.clear_all_caches()
    case.addClassCleanup(case.env.registry.clear_all_caches)


class FrenchPages:
    """Mixin of an ``HttpCase`` that looks through pages as somebody who reads French."""

    french_data = ()
    """What people wrote, and nobody translates."""

    def look(self, path, ready, code, login):
        """Run the code of a look through pages."""
        given = {"mark": json.dumps(MARK), "data": json.dumps(self.french_data), "date": DATE}
        self.browser_js(path, LOOK % given + code, ready, login=login)
