#!/usr/bin/env python3
"""A second verifier of a Latchkey ledger export, written from docs/ledger-format.md alone.

Needs Python 3.9 and the openssl command; shares no line with the first one.

    verify.py DIR [--checkpoint FILE] [--public-key FILE]      DIR: an export, or a copy of the bucket
    verify.py --receipt FILE [--public-key FILE]

Exit codes: 0 verifies; 1 does not, and the finding is printed; 2 there is nothing to verify.
"""
import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

ZEROS = "0" * 64
CHAIN = re.compile(r"[A-Za-z0-9/_.|@:+-]{1,140}\Z")
HASH = re.compile(r"[0-9a-f]{64}\Z")
LARGEST = 2**53 - 1
DEEPEST = 32
DEEPEST_RECEIPT = 100
BRACKET_OR_QUOTE = re.compile(r'["{}\[\]]')
QUOTE_AND_SLASHES = re.compile(r'(\\*)"')
LONGEST_LINE = 2**26
# SubjectPublicKeyInfo of an uncompressed point on P-256, up to the point.
KEY_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
KEY_BYTES = 91
if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)  # a number that is too large is bad, but it is JSON


class Bad(Exception):
    """The export is not what was sealed."""


class Unusable(Exception):
    """This is no export, or no receipt."""


def canonical(value, level=0):
    """RFC 8785 for what a ledger may hold: objects, arrays, strings, booleans, null and integers."""
    if isinstance(value, (dict, list)) and level == DEEPEST:
        raise ValueError("nested too deep")
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(canonical(key) + ":" + canonical(value[key], level + 1) for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(part, level + 1) for part in value) + "]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int) and abs(value) <= LARGEST:
        return str(value)
    if isinstance(value, str):
        value.encode("utf-8")  # a lone surrogate has no UTF-8 form
        return json.dumps(value, ensure_ascii=False)
    raise ValueError("not part of the format")


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def nested_deeper(text, most):
    """Whether more brackets are open at once, outside strings."""
    depth, found = 0, BRACKET_OR_QUOTE.search(text)
    while found:
        end = found.end()
        if found.group() == '"':
            closing = QUOTE_AND_SLASHES.search(text, end)
            while closing and len(closing.group(1)) % 2 == 1:
                closing = QUOTE_AND_SLASHES.search(text, closing.end())
            end = closing.end() if closing else len(text)
        else:
            depth += 1 if found.group() in "{[" else -1
        if depth > most:
            return True
        found = BRACKET_OR_QUOTE.search(text, end)
    return False


def no_constant(name):
    raise ValueError(name)


def read_number(text):
    """A receipt may have any layout, so 1.0 and 10e-1 are the integer 1."""
    value = float(text)
    return int(value) if value.is_integer() else value


def read_bytes(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}") from error


def objects_in(path, name=None):
    """Each line as (place, object); a line must be the one canonical form of its object."""
    data = read_bytes(path)
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    name = name or os.path.basename(path)
    for number, line in enumerate(lines, 1):
        place = f"{name} line {number}"
        if len(line) >= LONGEST_LINE:
            raise Unusable(f"{place} is too long")
        text = ""
        try:
            text = line.decode("utf-8")
            value = json.loads(text, parse_constant=no_constant)
        except (ValueError, RecursionError) as error:
            if nested_deeper(text, DEEPEST):
                raise Bad(f"{place}: it is nested too deep") from error
            raise Unusable(f"{place} is not JSON") from error
        if not isinstance(value, dict):
            raise Bad(f"{place}: it is not an object")
        try:
            same = canonical(value) == text
        except ValueError:
            same = False
        if not same:
            raise Bad(f"{place}: it is not in canonical form")
        yield place, value


def need(place, value, **rules):
    for field, rule in rules.items():
        if field not in value or not rule(value[field]):
            raise Bad(f"{place}: the field {field} is missing or malformed")


def is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST


def is_number(value):
    return is_count(value) and value >= 1


def is_text(value):
    return isinstance(value, str)


def is_hash(value):
    return isinstance(value, str) and HASH.match(value) is not None


def is_chain(value):
    return isinstance(value, str) and CHAIN.match(value) is not None


def is_base64(value):
    try:
        return isinstance(value, str) and value != "" and base64.b64encode(base64.b64decode(value)).decode() == value
    except (binascii.Error, ValueError):
        return False


def names_in(folder, ending=""):
    return sorted(name for name in os.listdir(folder) if name.endswith(ending)) if os.path.isdir(folder) else []


def is_copy(folder):
    """Of the bucket: it has a folder where an export has a file. Which of both was meant decides what is missing."""
    copy = os.path.isdir(os.path.join(folder, "checkpoints"))
    if copy and any(os.path.exists(os.path.join(folder, f"{name}.ndjson")) for name in ("checkpoints", "entries")):
        raise Unusable(f"{folder} is a copy of the bucket and an export at once: take one of them out")
    return copy


def stored_checkpoints(folder):
    if not is_copy(folder):
        yield from objects_in(os.path.join(folder, "checkpoints.ndjson"))
        return
    for name in names_in(os.path.join(folder, "checkpoints"), ".json"):
        lines = list(objects_in(os.path.join(folder, "checkpoints", name), f"checkpoints/{name}"))
        if len(lines) != 1:
            raise Bad(f"checkpoints/{name}: it is not one line")
        yield from lines


def stored_entries(folder):
    if not is_copy(folder):
        yield from objects_in(os.path.join(folder, "entries.ndjson"))
        return
    found = {}
    for checkpoint in names_in(os.path.join(folder, "entries")):
        for name in names_in(os.path.join(folder, "entries", checkpoint), ".ndjson"):
            path = os.path.join(folder, "entries", checkpoint, name)
            for place, entry in objects_in(path, f"entries/{checkpoint}/{name}"):
                check_entry(place, entry)
                found[(entry["chain"], entry["seq"], canonical(entry))] = place, entry
    for key in sorted(found):
        yield found[key]


def check_entry(place, entry):
    need(place, entry, chain=is_chain, seq=is_number, prevHash=is_text, hash=is_text, writtenAt=is_count)


def statement(checkpoint):
    return canonical({key: value for key, value in checkpoint.items() if key not in ("signature", "leaves")})


def merkle_root(hashes):
    """RFC 9162, section 2.1.1, as it is written there."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hashlib.sha256(b"\x01" + merkle_root(hashes[:split]) + merkle_root(hashes[split:])).digest()


def openssl(*words, data=b""):
    return subprocess.run(["openssl", *words], input=data, capture_output=True, check=False)


def pem(der):
    text = base64.b64encode(der).decode()
    lines = [text[at:at + 64] for at in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""]).encode()


class Keys:
    """The public keys of a file; every block must be on P-256."""

    def __init__(self, path, folder, own=False):
        text = read_bytes(path)
        pattern = re.compile(rb"-----BEGIN PUBLIC KEY-----([^-]+)-----END PUBLIC KEY-----")
        self.blocks = []
        self.used = set()
        self.folder = folder
        for block in pattern.findall(text):
            try:
                der = base64.b64decode(block)
            except binascii.Error:
                der = b""
            known = len(der) == KEY_BYTES and der.startswith(KEY_PREFIX)
            if not known or openssl("pkey", "-pubin", "-noout", data=pem(der)).returncode != 0:
                raise Unusable(f"{path} holds something that is no P-256 public key")
            self.blocks.append(pem(der))
        if not self.blocks:
            raise Unusable(f"{path} holds no public key in PEM")
        if own and (b"".join(self.blocks) != text or len(set(self.blocks)) != len(self.blocks)):
            raise Bad("public-key.pem: it holds more than public keys")

    def signed(self, checkpoint):
        signature = os.path.join(self.folder, "signature")
        with open(signature, "wb") as file:
            file.write(base64.b64decode(checkpoint["signature"]))
        for block in self.blocks:
            if self.made_by(block, signature, statement(checkpoint)):
                self.used.add(block)
                return True
        return False

    def made_by(self, block, signature, text):
        key = os.path.join(self.folder, "key.pem")
        with open(key, "wb") as file:
            file.write(block)
        words = ("dgst", "-sha256", "-verify", key, "-signature", signature)
        return openssl(*words, data=text.encode("utf-8")).returncode == 0


def check_form(place, checkpoint):
    need(place, checkpoint, number=is_number, at=is_count, count=is_count, root=is_hash,
         prevHash=is_hash, keyId=is_text, signature=is_base64)


def check_leaves(name, checkpoint):
    leaves = checkpoint["leaves"]
    if len(leaves) != checkpoint["count"]:
        raise Bad(f"{name}: its count is not that of its leaves")
    chains = [leaf["chain"] for leaf in leaves]
    if any(one >= two for one, two in zip(chains, chains[1:])):
        raise Bad(f"{name}: its leaves are not in order")
    hashes = [hashlib.sha256(b"\x00" + canonical(leaf).encode("utf-8")).digest() for leaf in leaves]
    if merkle_root(hashes).hex() != checkpoint["root"]:
        raise Bad(f"{name}: its root is not that of its leaves")


def check_checkpoints(folder, keys):
    """All checkpoints, without their leaves, and {chain: [(number, seq, hash)]}."""
    seen, sealed = [], {}
    for place, checkpoint in stored_checkpoints(folder):
        check_form(place, checkpoint)
        need(place, checkpoint, leaves=lambda value: isinstance(value, list))
        for leaf in checkpoint["leaves"]:
            if not isinstance(leaf, dict) or set(leaf) != {"chain", "seq", "hash"}:
                raise Bad(f"{place}: a leaf is malformed")
            need(place, leaf, chain=is_chain, seq=is_number, hash=is_hash)
        name = f"checkpoint {checkpoint['number']}"
        if checkpoint["number"] != len(seen) + 1:
            raise Bad(f"{name}: checkpoint {len(seen) + 1} should stand here")
        before = sha256("latchkey/checkpoint/v1\n" + statement(seen[-1])) if seen else ZEROS
        if checkpoint["prevHash"] != before:
            raise Bad(f"{name}: its prevHash is not the hash of the one before")
        if not keys.signed(checkpoint):
            raise Bad(f"{name}: its signature was not made by this public key")
        if seen and checkpoint["at"] < seen[-1]["at"]:
            raise Bad(f"{name}: it is dated before the one before")
        check_leaves(name, checkpoint)
        for leaf in checkpoint["leaves"]:
            sealed.setdefault(leaf["chain"], []).append((checkpoint["number"], leaf["seq"], leaf["hash"]))
        seen.append({key: value for key, value in checkpoint.items() if key != "leaves"})
    if not seen:
        raise Unusable("checkpoints.ndjson is empty")
    return seen, sealed


def check_kept(path, seen, keys):
    """Checkpoints kept outside must be among those of the export."""
    kept = list(objects_in(path))
    if not kept:
        raise Unusable(f"{path} is empty")
    for place, checkpoint in kept:
        check_form(place, checkpoint)
        name = f"checkpoint {checkpoint['number']}"
        if not keys.signed(checkpoint):
            raise Bad(f"{name}: the one kept outside was not signed by this public key")
        if checkpoint["number"] > len(seen):
            raise Bad(f"{name}: it is missing from this export")
        if statement(seen[checkpoint["number"] - 1]) != statement(checkpoint):
            raise Bad(f"{name}: it is not the one that was kept outside")


def check_links(folder):
    """Each chain's entries, [(hash, writtenAt)] by chain; numbers, links and hashes are checked here."""
    chains, last, ids = {}, "", set()
    for place, entry in stored_entries(folder):
        check_entry(place, entry)
        chain, name = entry["chain"], f"{entry['chain']} seq {entry['seq']}"
        if chain < last:
            raise Bad(f"{name}: it is out of order")
        last = chain
        entries = chains.setdefault(chain, [])
        if entry["seq"] != len(entries) + 1:
            raise Bad(f"{name}: seq {len(entries) + 1} should stand here")
        if entry["prevHash"] != (entries[-1][0] if entries else ZEROS):
            raise Bad(f"{name}: its prevHash is not the hash of the one before")
        text = canonical({key: value for key, value in entry.items() if key != "hash"})
        if sha256("latchkey/entry/v1\n" + text) != entry["hash"]:
            raise Bad(f"{name}: its content does not have its hash")
        event = (chain, entry.get("id"))
        if is_text(event[1]):
            if event in ids:
                raise Bad(f"{name}: its id stands in the chain before")
            ids.add(event)
        entries.append((entry["hash"], entry["writtenAt"]))
    if not chains:
        raise Unusable("entries.ndjson is empty")
    return chains


def check_sealed(chains, sealed, seen):
    """Leaves against entries, and the age of what no leaf covers. Returns how many that are."""
    uncovered = 0
    oldest = seen[-2]["at"] if len(seen) > 1 else -1
    for chain in sorted(set(chains) | set(sealed)):
        entries, covered = chains.get(chain, []), 0
        for number, seq, digest in sealed.get(chain, []):
            if not entries:
                raise Bad(f"{chain}: the chain is missing, checkpoint {number} sealed it")
            if seq > len(entries):
                raise Bad(f"{chain} seq {seq}: the chain is cut at {len(entries)}, checkpoint {number} sealed it")
            if entries[seq - 1][0] != digest:
                raise Bad(f"{chain} seq {seq}: its hash is not the one that checkpoint {number} sealed")
            if seq < covered:
                raise Bad(f"checkpoint {number}: it seals {chain} below an earlier leaf")
            covered = seq
        for seq, (_, written) in enumerate(entries[covered:], covered + 1):
            if written <= oldest:
                raise Bad(f"{chain} seq {seq}: it was never sealed, although it is old")
            uncovered += 1
    return uncovered


def verify(options, folder):
    if is_copy(options.directory) and not options.public_key:
        raise Unusable("a copy of the bucket brings no key: --public-key names one")
    path = os.path.join(options.directory, "public-key.pem")
    own = Keys(path, folder, own=True) if not options.public_key or os.path.exists(path) else None
    keys = Keys(options.public_key, folder) if options.public_key else own
    if own and not set(own.blocks) <= set(keys.blocks):
        raise Bad("public-key.pem: it is not the public key that was given")
    seen, sealed = check_checkpoints(options.directory, keys)
    if own and not set(own.blocks) <= keys.used:
        raise Bad("public-key.pem: one of its keys signed no checkpoint")
    if options.checkpoint:
        check_kept(options.checkpoint, seen, keys)
    chains = check_links(options.directory)
    uncovered = check_sealed(chains, sealed, seen)
    entries = sum(map(len, chains.values()))
    print(f"verifies: {entries} entries, {len(chains)} chains, {len(seen)} checkpoints, {uncovered} uncovered")


def root_by_path(digest, index, size, path):
    """RFC 9162, section 2.1.3.2; None where the path does not fit the place."""
    if index >= size:
        return None
    place, last = index, size - 1
    for step in path:
        if last == 0:
            return None
        if place % 2 == 1 or place == last:
            digest = hashlib.sha256(b"\x01" + step + digest).digest()
            while place % 2 == 0 and place != 0:
                place, last = place // 2, last // 2
        else:
            digest = hashlib.sha256(b"\x01" + digest + step).digest()
        place, last = place // 2, last // 2
    return digest if last == 0 else None


def check_receipt_entries(entries):
    """Each has its hash and follows the one before. Returns the last."""
    before = None
    for place, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            raise Bad(f"receipt entry {place}: it is not an object")
        need(f"receipt entry {place}", entry, chain=is_chain, seq=is_number, prevHash=is_text, hash=is_text,
             writtenAt=is_count)
        name = f"{entry['chain']} seq {entry['seq']}"
        text = canonical({key: value for key, value in entry.items() if key != "hash"})
        if sha256("latchkey/entry/v1\n" + text) != entry["hash"]:
            raise Bad(f"{name}: its content does not have its hash")
        if before and (entry["chain"], entry["seq"], entry["prevHash"]) != (
                before["chain"], before["seq"] + 1, before["hash"]):
            raise Bad(f"{name}: it does not follow the one before")
        before = entry
    if before is None:
        raise Bad("receipt: it proves nothing")
    return before


def check_receipt(receipt, keys):
    checkpoint, index, path = receipt.get("checkpoint"), receipt.get("index"), receipt["path"]
    last = check_receipt_entries(receipt["entries"])
    if not isinstance(checkpoint, dict):
        raise Bad("receipt: its checkpoint is malformed")
    check_form("receipt checkpoint", checkpoint)
    if not is_count(index) or not all(map(is_hash, path)):
        raise Bad("receipt: its index or path is malformed")
    leaf = canonical({key: last[key] for key in ("chain", "hash", "seq")})
    digest = hashlib.sha256(b"\x00" + leaf.encode("utf-8")).digest()
    root = root_by_path(digest, index, checkpoint["count"], [bytes.fromhex(step) for step in path])
    if root is None or root.hex() != checkpoint["root"]:
        raise Bad(f"checkpoint {checkpoint['number']}: the path does not lead to its root")
    if not keys.signed(checkpoint):
        raise Bad(f"checkpoint {checkpoint['number']}: its signature was not made by this public key")


def read_receipt(path):
    repeated = []

    def read_object(pairs):
        value = dict(pairs)
        if len(value) != len(pairs):
            repeated.append(value)
        return value

    try:
        text = read_bytes(path).decode("utf-8")
        if nested_deeper(text, DEEPEST_RECEIPT):
            raise Bad("receipt: it is nested too deep")
        receipt = json.loads(text, parse_constant=no_constant, parse_float=read_number, object_pairs_hook=read_object)
    except ValueError as error:
        raise Unusable(f"{path} is not JSON") from error
    if repeated:
        raise Bad("receipt: a key stands twice in an object")
    lists = isinstance(receipt, dict) and all(isinstance(receipt.get(name), list) for name in ("entries", "path"))
    if not lists or receipt.get("format") != "latchkey/receipt/v1":
        raise Unusable(f"{path} is no receipt")
    return receipt


def verify_receipt(options, folder):
    receipt, key_path = read_receipt(options.receipt), options.public_key
    if key_path is None:
        key_path = os.path.join(folder, "receipt-key.pem")
        with open(key_path, "w", encoding="utf-8") as file:
            file.write(receipt["publicKey"] if is_text(receipt.get("publicKey")) else "")
    try:
        check_receipt(receipt, Keys(key_path, folder))
    except ValueError as error:
        raise Bad("receipt: a part of it is malformed") from error
    first, number = receipt["entries"][0], receipt["checkpoint"]["number"]
    print(f"proves: {first['chain']} seq {first['seq']} {first['hash']} by checkpoint {number}")


def main(words):
    parser = argparse.ArgumentParser()
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("directory", nargs="?")
    what.add_argument("--receipt")
    parser.add_argument("--checkpoint")
    parser.add_argument("--public-key")
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        try:
            (verify_receipt if options.receipt else verify)(options, folder)
        except Bad as finding:
            print(finding)
            return 1
        except Unusable as problem:
            print(problem, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
