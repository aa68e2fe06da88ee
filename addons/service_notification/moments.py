"""How texts show a moment."""

from babel.dates import format_date, format_time, get_datetime_format, get_timezone_name

from odoo.tools.misc import babel_locale_parse

from .clock import find_zone, to_local


def name_zone(moment, lang, zone_name, own_zone_name):
    """Return the name of the zone in which a moment is told, "" when the clock of the recipient shows the same.

    :param moment: naive UTC
    :param str lang: code of a language, such as "fr_FR"
    :param zone_name: in which it is told
    :param own_zone_name: of the recipient; empty is the same
    """
    zone, own_zone = find_zone(zone_name), find_zone(own_zone_name, zone_name)
    local = to_local(moment, zone)
    if local.utcoffset() == to_local(moment, own_zone).utcoffset():
        return ""
    return get_timezone_name(local, locale=babel_locale_parse(lang))


def make_format_moment(lang, zone_name, own_zone_name):
    """Return the function by which templates show a moment.

    It is told in the zone of the record, with the name of that zone when the clock of the recipient shows another time.

    :param str lang: code of a language, such as "fr_FR"
    :param zone_name: of the record
    :param own_zone_name: of the recipient
    """
    locale = babel_locale_parse(lang)
    zone = find_zone(zone_name)

    def format_moment(moment, style="full"):
        """Return a naive UTC ``moment`` as "Thursday, October 15, 2026 at 3:00 PM"; styles are Babel's."""
        if not moment:
            return ""
        local = to_local(moment, zone)
        pattern = get_datetime_format("long" if style in ("full", "long") else style, locale=locale)
        date, hour = format_date(local, style, locale=locale), format_time(local, "short", locale=locale)
        text = pattern.replace("'", "").replace("{0}", hour).replace("{1}", date)
        name = name_zone(moment, lang, zone_name, own_zone_name)
        return f"{text} ({name})" if name else text

    return format_moment
