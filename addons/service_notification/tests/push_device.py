"""A browser that gets push messages: the push service that it belongs to, and the keys by which it reads them."""

import base64
import contextlib
import json
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def encode(data):
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    """Return the bytes of a base64url text without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class PushReceiver:
    """A push service on this machine, for a `with` block: keeps what it is sent, answers by path as `statuses` tell."""

    def __init__(self):
        self.received = []
        self.statuses = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.received.append((self.path, dict(self.headers), body))
                with contextlib.suppress(OSError):
                    self.send_response(receiver.statuses.get(self.path, 201))
                    self.send_header("Location", "/elsewhere")
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def log_message(self, *_parts):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def paths(self):
        """Where the messages went, in their order."""
        return [path for path, _headers, _body in self.received]


class Device:
    """One browser of a person, registered as Odoo's web client does."""

    def __init__(self, receiver, name):
        self.path = f"/{name}"
        self.endpoint = f"{receiver.origin}{self.path}"
        self.receiver = receiver
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.public = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.auth = b"sixteen bytes..."

    def register(self, env, user):
        """Let Odoo know the device of a user; return its record."""
        devices = env["mail.push.device"].with_user(user)
        devices.register_devices(
            vapid_public_key=env["mail.push.device"].get_web_push_vapid_public_key(),
            endpoint=self.endpoint,
            keys={"p256dh": encode(self.public), "auth": encode(self.auth)},
        )
        return devices.sudo().search([("endpoint", "=", self.endpoint)])

    def read_messages(self):
        """Return the messages that came to this device, decrypted."""
        return [json.loads(self.decrypt(body)) for path, _headers, body in self.receiver.received if path == self.path]

    def decrypt(self, body):
        """Return the text of a message (RFC 8291, RFC 8188), written from the standards, not from Odoo's code."""
        salt, _record_size, length = struct.unpack("!16sLB", body[:21])
        sender, content = body[21 : 21 + length], body[21 + length :]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        secret = self.derive(shared, self.auth, b"WebPush: info\0" + self.public + sender, 32)
        key = self.derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = self.derive(secret, salt, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, content, None)
        return padded.rstrip(b"\0").removesuffix(b"\x02").decode()

    @staticmethod
    def derive(secret, salt, info, length):
        """Return a key (RFC 5869)."""
        return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def verify_vapid(headers, origin):
    """Check who says that he sends (RFC 8292): the signature, and for whom it is; return the claims."""
    scheme, _blank, rest = headers["Authorization"].partition(" ")
    assert scheme == "vapid", scheme
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    signed, _dot, signature = parts["t"].rpartition(".")
    raw = decode(signature)
    numbers = (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(parts["k"]))
    key.verify(encode_dss_signature(*numbers), signed.encode(), ec.ECDSA(hashes.SHA256()))
    claims = json.loads(decode(signed.split(".")[1]))
    assert claims["aud"] == origin, claims
    return claims
