"""Whether dkimpy finds the signatures of messages good.

usage: dkim_verify.py NAME RECORD MESSAGE...

RECORD is what DNS would have at NAME. Prints yes or no for each file. Needs dkimpy, and PyNaCl for Ed25519.
"""

import pathlib
import sys

import dkim

name, record, *messages = sys.argv[1:]


def dns(asked, timeout=5):
    return record.encode() if asked.decode().rstrip(".") == name else None


for message in messages:
    print("yes" if dkim.verify(pathlib.Path(message).read_bytes(), dnsfunc=dns) else "no")
