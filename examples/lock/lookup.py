"""python3 lookup.py nightshift.lock.json <device> <kernel> <dtype> <shape>: the configuration to use, as JSON."""
import json
import sys


def lookup(path, device, kernel, dtype, shape, **holds):
    """None without an entry; `holds` are fields that must match: compiler="sdk 2.31", fingerprint="..."."""
    with open(path, encoding="utf-8") as file:
        entries = json.load(file)["entries"]
    known = {"device": device, "kernel": kernel, "dtype": dtype, **holds}
    for wanted in (shape, "*"):  # "*" is for any shape without an entry
        for entry in entries:
            if entry["shape"] == wanted and all(entry[name] == value for name, value in known.items()):
                return entry["configuration"]
    return None


if __name__ == "__main__":
    found = lookup(*sys.argv[1:6])
    print(json.dumps(found))
    sys.exit(found is None)
