import doctest

from odoo.tests import BaseCase, tagged

from ..hooklib import addresses, refused, retries, targets
from ..hooklib.refused import Refused


@tagged("post_install", "-at_install")
class TestTargets(BaseCase):
    """What a URL may be, and which addresses it may have."""

    def refuse(self, url, allowed=""):
        """Return the reason for which a URL is refused, empty when it is not."""
        try:
            targets.parse(url, targets.parse_allowed(allowed))
        except Refused as problem:
            return problem.code
        return ""

    def test_doctests(self):
        """The examples in the library hold."""
        for module in (addresses, retries, targets):
            self.assertFalse(doctest.testmod(module).failed, module.__name__)

    def test_one_spelling(self):
        """However a URL is written, it is kept, and sent to, in one spelling."""
        for text, url in (
            (" https://Shop.Example.com ", "https://shop.example.com/"),
            ("HTTPS://shop.example.com.:443/a b".replace(" ", "%20"), "https://shop.example.com/a%20b"),
            ("https://shop.example.com:8443/hooks?key=ü", "https://shop.example.com:8443/hooks?key=%C3%BC"),
            ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
            ("https://[2606:4700:0:0::1111]/x", "https://[2606:4700::1111]/x"),
            ("https://93.184.216.34/x", "https://93.184.216.34/x"),
        ):
            with self.subTest(text):
                self.assertEqual(targets.parse(text).url, url)
                self.assertEqual(targets.parse(targets.parse(text).url), targets.parse(text))

    def test_refused_urls(self):
        """What is not https, names somebody, or can be read in two ways is refused, each for its reason."""
        for url, code in (
            ("", "scheme"),
            ("shop.example.com/hooks", "scheme"),
            ("http://shop.example.com", "scheme"),
            ("ftp://shop.example.com", "scheme"),
            ("file:///etc/passwd", "scheme"),
            ("gopher://127.0.0.1:6379/_x", "scheme"),
            ("https://", "host"),
            ("https:///path", "host"),
            ("https://user@shop.example.com", "userinfo"),
            ("https://shop.example.com:x@127.0.0.1", "userinfo"),
            ("https://shop.example.com:443@127.0.0.1", "userinfo"),
            ("https://user:secret@shop.example.com", "userinfo"),
            ("https://@shop.example.com", "userinfo"),
            ("https://shop.example.com#@127.0.0.1/", "fragment"),
            ("https://shop.example.com\\@127.0.0.1/", "characters"),
            ("https://shop.example.com/a\r\nHost: x", "characters"),
            ("https://shop.example.com/\u202e", "characters"),
            ("https://shop.example.com/" + "a" * 2000, "characters"),
            ("https://shop.example.com:0/", "port"),
            ("https://shop.example.com:22/", "port"),
            ("https://shop.example.com:8069/", "port"),
            ("https://shop.example.com:99999/", "url"),
            ("https://shop_.example.com/", "host"),
            ("https://-shop.example.com/", "host"),
            ("https://shop..example.com/", "host"),
            ("https://%31%32%37.0.0.1/", "numeric"),
            ("https://shop%2eexample.com/", "host"),
            ("https://xn--a.ex_ample/", "host"),
            ("https://localhost/", "private"),
            ("https://intranet/", "private"),
            ("https://[::1/", "url"),
        ):
            with self.subTest(url):
                self.assertEqual(self.refuse(url), code)

    def test_spellings_of_loopback(self):
        """Decimal, octal, hexadecimal, short and full-width spellings of an address do not pass as names."""
        for host in (
            "2130706433",
            "017700000001",
            "0x7f000001",
            "0177.0.0.1",
            "0x7f.0.0.1",
            "127.1",
            "127.0.1",
            "127.0.0.01",
            "127.0.0.1.2",
            "1.2.3.256",
            "shop.example.1",
            "[fe80::1%25eth0]",
            "[127.0.0.1]",
        ):
            with self.subTest(host):
                self.assertIn(self.refuse(f"https://{host}/"), ("numeric", "url"))
        for host in ("\uff11\uff12\uff17.0.0.1", "127\u30020\u30020\u30021", "\u2460\u2461\u2466.0.0.1"):
            with self.subTest(host):
                code = self.refuse(f"https://{host}/")
                self.assertTrue(code or targets.parse(f"https://{host}/").host == "127.0.0.1")
        for host, real in (("127.0.0.1", "127.0.0.1"), ("[::ffff:127.0.0.1]", "::ffff:7f00:1"), ("[::1]", "::1")):
            self.assertEqual(addresses.judge(targets.parse(f"https://{host}/").host) == "public", False, real)

    def test_addresses(self):
        """Only what is given out is public; what hides another address, or is the clouds' own, never is."""
        kinds = {
            "public": "8.8.8.8 93.184.216.34 1.1.1.1 172.15.255.255 172.32.0.1 100.63.255.255 100.128.0.1 "
            "2606:4700::1111 2a00:1450::1 64:ff9b::808:808",
            "private": "127.0.0.1 127.255.255.254 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 "
            "100.127.255.255 ::1 fc00::1 fd00::1 64:ff9b::7f00:1 64:ff9b::a00:1",
            "never": "0.0.0.0 0.1.2.3 169.254.1.1 169.254.169.254 192.0.0.192 192.0.2.1 198.18.0.1 198.51.100.7 "
            "203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 100.100.100.200 "
            "168.63.129.16 :: fe80::1 fec0::1 ff02::1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 "
            "::127.0.0.1 2001::1 2001:db8::1 2002:7f00:1::1 64:ff9b::a9fe:a9fe "
            "64:ff9b:1::7f00:1 fd00:ec2::254 fe80::1%eth0 2606:4700::1%eth0 100::1 5f00::1 elsewhere",
        }
        for kind, texts in kinds.items():
            for text in texts.split():
                self.assertEqual(addresses.judge(text), kind, text)

    def test_every_address_counts(self):
        """A name with a public and a private address is refused, whichever comes first."""
        target = targets.parse("https://shop.example.com/")
        for found in (["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"]):
            with self.assertRaisesRegex(Refused, "private: 10.0.0.1"):
                targets.check_addresses(target, found)
        targets.check_addresses(target, ["8.8.8.8", "2606:4700::1111"])
        with self.assertRaises(Refused):
            targets.check_addresses(target, [])

    def test_allowed_by_name(self):
        """The administrator allows a host, one of its ports, or that it goes without TLS; nothing else."""
        for url, allowed, code in (
            ("https://erp.lan/", "erp.lan", ""),
            ("https://ERP.lan:8443/", "Erp.LAN.", ""),
            ("https://erp.lan:8069/", "erp.lan", "port"),
            ("https://erp.lan:8069/", "till.lan, erp.lan:8069", ""),
            ("https://erp.lan/", "erp.lan:8069", ""),  # as any public name: its addresses are looked at
            ("http://erp.lan/", "erp.lan", "scheme"),
            ("http://erp.lan/", "http://erp.lan", ""),
            ("http://erp.lan:8069/", "http://erp.lan", "scheme"),
            ("http://erp.lan:8069/", "http://erp.lan:8069", ""),
            ("https://localhost/", "localhost", ""),
            ("https://sub.localhost.lan/", "localhost", ""),
            ("https://[::1]:9000/", "[::1]:9000", ""),
            ("ftp://erp.lan/", "erp.lan", "scheme"),
            ("https://me@erp.lan/", "erp.lan", "userinfo"),
        ):
            with self.subTest(url=url, allowed=allowed):
                self.assertEqual(self.refuse(url, allowed), code)
        allowed = targets.parse_allowed("erp.lan")
        self.assertFalse(targets.parse("https://erp.lan:443/x", targets.parse_allowed("erp.lan:8069")).is_allowed)
        target = targets.parse("https://erp.lan/", allowed)
        targets.check_addresses(target, ["10.0.0.1", "127.0.0.1"])
        for address in ("169.254.169.254", "fe80::1", "0.0.0.0", "::ffff:10.0.0.1"):
            with self.assertRaisesRegex(Refused, "never"):
                targets.check_addresses(target, [address])

    def test_allowed_entries(self):
        """An entry that is no host is refused by name."""
        for entry in ("http://", "erp.lan/x", "a@b", "*", "127.1", "ftp://erp.lan", "erp.lan:port"):
            with self.assertRaisesRegex(Refused, "allowed", msg=entry):
                targets.parse_allowed(f"fine.lan {entry}")
        self.assertEqual(targets.parse_allowed(None), ())

    def test_reasons_are_known(self):
        """A reason that nobody explains is a fault of the program."""
        with self.assertRaises(ValueError):
            refused.Refused("because")


@tagged("post_install", "-at_install")
class TestRetries(BaseCase):
    """When a delivery is tried again."""

    def test_three_days(self):
        """Ten tries over three days, each later by more than the one before, and spread by up to a tenth."""
        delays = [retries.next_delay(tries) for tries in range(1, 10)]
        self.assertEqual(delays, sorted(delays))
        self.assertGreater(sum(delays), 3 * retries.DAY)
        self.assertIsNone(retries.next_delay(10))
        self.assertEqual((retries.next_delay(2, chance=0), retries.next_delay(2, chance=1)), (270, 330))
        self.assertLess(sum(retries.next_delay(tries, chance=1) for tries in range(1, 10)), 84 * retries.HOUR)
