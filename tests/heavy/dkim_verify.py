"""Whether dkimpy finds the signature of a message good.

usage: dkim_verify.py NAME RECORD <MESSAGE

RECORD is what DNS would have at NAME. Prints yes or no. Needs dkimpy, and PyNaCl for Ed25519.
"""

import sys

import dkim

name, record = sys.argv[1:3]


def dns(asked, timeout=5):
    return record.encode() if asked.decode().rstrip(".") == name else None


print("yes" if dkim.verify(sys.stdin.buffer.read(), dnsfunc=dns) else "no")
