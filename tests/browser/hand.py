"""A person at a page: a real mouse, a finger or keys, never a script's click; what is covered cannot be hit."""

import contextlib
import time

from chromium import PATIENCE, Failed, Page, find

# The middle of an element, brought into view; nothing while something else lies over it, or it is disabled or moving.
POINT = """((element) => {
    if (!element || element.disabled) { return null; }
    const inner = () => element.getBoundingClientRect();
    if (inner().top < 60 || inner().bottom > innerHeight - 20 || inner().left < 0 || inner().right > innerWidth) {
        element.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
    }
    const box = [...element.getClientRects()].find((rect) => rect.width && rect.height) || inner();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const top = document.elementFromPoint(x, y);
    return top && (element.contains(top) || top.closest('label')?.control === element) ? [x, y] : null;
})(%s)"""

BUSY = "document.querySelector('form[aria-busy=true], .o_portal_doc_spinner:not(.d-none)')"


class Hand(Page):
    """A page whose user points, presses and types."""

    is_touch = False

    def set_screen(self, screen):
        """Give the page a size; a phone has no mouse."""
        super().set_screen(screen)
        self.is_touch = screen["mobile"]

    def point(self, selector, text=""):
        """Return where an element can be hit, once it can be and stays there."""
        self.rest()  # what still moves would slip away below the finger
        deadline, last = time.monotonic() + PATIENCE, None
        while time.monotonic() < deadline:
            with contextlib.suppress(Failed):
                place = self.evaluate(POINT % find(selector, text))
                if place and place == last:
                    return place
                last = place
            time.sleep(0.05)
        raise Failed(f"{self.evaluate('location.href')}: nobody can hit {selector} {text!r}.")

    def rest(self):
        """Wait until nothing moves and nothing is being fetched."""
        self.settle()
        self.wait(f"!({BUSY})", "a page that is not busy")

    def press(self, selector, text=""):
        """Click an element with the mouse, or tap it."""
        x, y = self.point(selector, text)
        if self.is_touch:
            self.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
            self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
            return
        self.move(x, y)
        self.tell("mousePressed", x, y)
        self.tell("mouseReleased", x, y)

    def drag(self, start, stop, steps=12):
        """Press the mouse at a point, move it slowly to another, let it go."""
        self.move(*start)
        self.tell("mousePressed", *start)
        for step in range(1, steps + 1):
            place = [a + (b - a) * step / steps for a, b in zip(start, stop, strict=True)]
            self.move(*place, buttons=1)
            time.sleep(0.03)
        self.tell("mouseReleased", *stop)

    def move(self, x, y, buttons=0):
        """Move the mouse."""
        self.call(
            "Input.dispatchMouseEvent",
            type="mouseMoved",
            x=x,
            y=y,
            buttons=buttons,
            button="none" if not buttons else "left",
        )

    def tell(self, kind, x, y):
        """Press or release the mouse's left button."""
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1, buttons=1)

    def type(self, text):
        """Type a text into what has the focus."""
        for letter in text:
            self.call("Input.dispatchKeyEvent", type="keyDown", text=letter, key=letter, unmodifiedText=letter)
            self.call("Input.dispatchKeyEvent", type="keyUp", key=letter)

    def key(self, key, code, modifiers=0):
        """Press one key that writes nothing, or Enter."""
        more = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                modifiers=modifiers,
                **(more if kind == "keyDown" else {}),
            )

    def fill(self, selector, text):
        """Press a field and type over what it holds."""
        self.press(selector)
        self.key("a", 65, modifiers=2)
        self.type(text)

    def log_in(self, login):
        """Log in through the form by keys; the demo's passwords are the logins."""
        self.go("/web/login?redirect=/my", "form input[name=password]")
        self.fill("input[name=login]", login)
        self.fill("input[name=password]", login)
        self.key("Enter", 13)
        self.wait("location.pathname === '/my'", f"that {login} could log in")
