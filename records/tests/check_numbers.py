"""Checks identifying numbers with python-stdnum, an implementation that is not ours.

Reads lines of scheme and number from standard input. Prints every number that it refuses and
why, then how many it accepted of each scheme. Exits with 1 after a refusal.
"""

import sys
from collections import Counter

from stdnum import iso6346, numdb
from stdnum.cn import ric, uscc

# Numbers were first given out in the middle of the 1980s, with the regions of that time, to
# everybody then alive.
FIRST_NUMBERS = 1990


def identity_number(number):
    """Region, birth date and check digit of a resident identity number."""
    born = int(number[6:10])
    if born >= FIRST_NUMBERS:
        return ric.validate(number)
    # The library looks for the region in the year of birth.
    ric.get_birth_place(number[:6] + str(FIRST_NUMBERS) + "0101" + number[14:])
    ric.get_birth_date(number)
    if number[-1] != ric.calc_check_digit(number):
        raise ValueError("check digit")
    return number


def region(code):
    """A region of GB/T 2260, now or once."""
    if not any("county" in properties for _, properties in numdb.get("cn/loc").info(code)):
        raise ValueError("no such region")
    return code


def air_waybill(number):
    """Prefix, serial and the serial modulo 7; the library has no such number."""
    if len(number) != 11 or int(number[3:10]) % 7 != int(number[10]):
        raise ValueError("check digit")
    return number


CHECKS = {
    "gb11643": identity_number,
    "gb32100": uscc.validate,
    "iso6346": iso6346.validate,
    "awb": air_waybill,
    "region": region,
}


def main():
    accepted, refused = Counter(), 0
    for line in sys.stdin:
        scheme, number = line.split()
        try:
            if CHECKS[scheme](number) != number:
                raise ValueError("not in canonical form")
            accepted[scheme] += 1
        except Exception as error:
            print(f"refused {scheme} {number}: {error!r}")
            refused += 1
    for scheme, count in sorted(accepted.items()):
        print(f"accepted {scheme} {count}")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
