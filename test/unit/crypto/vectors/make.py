"""Hashes as other systems make them, for test/unit/crypto/forms-vectors.test.ts.

python3 -m venv venv && venv/bin/pip install django==5.2.19 passlib==1.7.4 bcrypt==5.0.0 argon2-cffi==25.1.0 cryptography
venv/bin/python test/unit/crypto/vectors/make.py > test/unit/crypto/vectors/vectors.json

Django and passlib make their own. What has no Python implementation is written down here from the definition of its format,
with another library than the one that is tested. Costs are low where the format lets them be. Salts are fixed, so that a
second run gives the same file.
"""
import base64
import hashlib
import hmac
import json
import unicodedata

import bcrypt
import django
from argon2.low_level import Type, hash_secret
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

settings.configure(
    PASSWORD_HASHERS=[
        f"django.contrib.auth.hashers.{name}"
        for name in (
            "PBKDF2PasswordHasher",
            "PBKDF2SHA1PasswordHasher",
            "Argon2PasswordHasher",
            "BCryptSHA256PasswordHasher",
            "BCryptPasswordHasher",
            "ScryptPasswordHasher",
        )
    ]
)
django.setup()
from django.contrib.auth import hashers  # noqa: E402
from passlib import hash as passlib_hash  # noqa: E402

PASSWORDS = ["correct horse battery", "cafe\u0301-lantern", "x" * 80 + "tail"]
SALT = b"a-salt-of-16-byt"
b64 = lambda data: base64.b64encode(data).decode()
vectors = []


def vector(form, maker, password, text):
    vectors.append({"form": form, "maker": maker, "password": password, "hash": text})


def django_vectors(password):
    make = lambda name, **more: hashers.get_hasher(name).encode(password, "saltsaltsalt1234", **more)
    vector("pbkdf2_sha256$", "django", password, make("pbkdf2_sha256", iterations=1000))
    vector("pbkdf2_sha1$", "django", password, make("pbkdf2_sha1", iterations=1000))
    vector("scrypt$", "django", password, make("scrypt", n=1024, r=8, p=2))
    argon2 = hashers.get_hasher("argon2")
    argon2.time_cost, argon2.memory_cost, argon2.parallelism = 1, 1024, 2
    vector("argon2$", "django", password, argon2.encode(password, "saltsaltsalt1234"))
    for name in ("bcrypt_sha256", "bcrypt"):
        if name == "bcrypt" and len(password) > 72:
            continue  # The library refuses what Django's own advice is against.
        salt = b"$2b$04$abcdefghijklmnopqrstuu"
        vector(f"{name}$", "django", password, hashers.get_hasher(name).encode(password, salt))


def passlib_vectors(password):
    made = {
        "$pbkdf2-sha256$": passlib_hash.pbkdf2_sha256.using(rounds=1000, salt=SALT),
        "$pbkdf2-sha512$": passlib_hash.pbkdf2_sha512.using(rounds=1000, salt=SALT),
        "$pbkdf2$": passlib_hash.pbkdf2_sha1.using(rounds=1000, salt=SALT),
        "$scrypt$": passlib_hash.scrypt.using(rounds=10, salt=SALT),
        "$P$": passlib_hash.phpass.using(rounds=11, salt="saltsalt"),
    }
    for form, scheme in made.items():
        vector(form, "passlib", password, scheme.hash(password))
    # passlib 1.7.4 cannot read the version of today's bcrypt, so its definition of bcrypt_sha256 is followed by hand.
    salt = "abcdefghijklmnopqrstuu"
    raw = password.encode()
    for form, key in (
        ("$bcrypt-sha256$v=2", hmac.new(salt.encode(), raw, hashlib.sha256).digest()),
        ("$bcrypt-sha256$2b", hashlib.sha256(raw).digest()),
    ):
        digest = bcrypt.hashpw(base64.b64encode(key), f"$2b$04${salt}".encode()).decode()[-31:]
        cost = f"{form},t=2b,r=4" if "v=2" in form else f"{form},4"
        vector(form, "by definition", password, f"{cost}${salt}${digest}")


def phc_vectors(password):
    raw = password.encode()
    plain = lambda data: b64(data).rstrip("=")
    for name in ("sha1", "sha256", "sha512"):
        for length in (32, 64):
            key = hashlib.pbkdf2_hmac(name, raw, SALT, 1000, length)
            vector("PHC", "hashlib", password, f"$pbkdf2-{name}$i=1000,l={length}${plain(SALT)}${plain(key)}")
    key = hashlib.scrypt(raw, salt=SALT, n=1024, r=8, p=1, dklen=32)
    vector("PHC", "hashlib", password, f"$scrypt$ln=10,r=8,p=1${plain(SALT)}${plain(key)}")
    argon2 = hash_secret(raw, SALT, 1, 1024, 1, 32, Type.ID).decode()
    for prefix in ("", "{argon2}", "{argon2@SpringSecurity_v5_8}"):
        vector("PHC", "argon2-cffi", password, prefix + argon2)
    if len(raw) > 72:
        return  # bcrypt reads 72 bytes; the library refuses more.
    made = bcrypt.hashpw(raw, b"$2b$04$abcdefghijklmnopqrstuu").decode()
    for prefix in ("", "{bcrypt}"):
        for letter in ("2a", "2b", "2y"):
            vector("bcrypt", "bcrypt", password, prefix + made.replace("$2b$", f"${letter}$"))
    to_standard = str.maketrans(
        "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    )
    tail = f"{made[7:29]}${made[29:]}"
    vector("PHC", "bcrypt", password, f"$bcrypt$v=98$r=4${tail}")
    vector("PHC", "bcrypt", password, f"$bcrypt$v=98$r=4${tail.translate(to_standard)}")


def devise_vectors(password):
    """Devise::Encryptor of Rails: bcrypt of the password and the pepper behind it; bcrypt-ruby gives bcrypt 72 bytes of it."""
    pepper = hashlib.sha512(b"pepper").hexdigest()
    raw = password.encode()
    if len(raw) > 72:
        return  # Nothing of the pepper is read then.
    made = bcrypt.hashpw((raw + pepper.encode())[:72], b"$2b$04$abcdefghijklmnopqrstuu").decode()
    text = base64.urlsafe_b64encode(pepper[:72].encode()).decode().rstrip("=")
    vector("{pepper:}", "by definition", password, f"{{pepper:{text}}}" + made.replace("$2b$", "$2a$"))


def wordpress_vectors(password):
    """wp_hash_password of WordPress 6.8: base64 of HMAC-SHA-384 under a fixed key, then bcrypt."""
    key = base64.b64encode(hmac.new(b"wp-sha384", password.encode(), hashlib.sha384).digest())
    made = bcrypt.hashpw(key, b"$2b$04$abcdefghijklmnopqrstuu").decode()
    vector("$wp$2y$", "by definition", password, "$wp" + made.replace("$2b$", "$2y$"))


def asp_net_vectors(password):
    """PasswordHasher of ASP.NET Core Identity: 0x01, function, iterations, length of the salt, salt, subkey."""
    for prf, name, iterations, size in ((0, "sha1", 1000, 32), (1, "sha256", 1000, 32), (2, "sha512", 1000, 32)):
        head = b"\x01" + b"".join(value.to_bytes(4, "big") for value in (prf, iterations, len(SALT)))
        key = hashlib.pbkdf2_hmac(name, password.encode(), SALT, iterations, size)
        vector("ASP.NET Identity v3", "by definition", password, b64(head + SALT + key))


def keycloak_vectors(password):
    """Credentials of a realm's export. Keycloak before 25 makes 64 bytes by PBKDF2, later ones argon2id."""
    compact = lambda value: json.dumps(value, separators=(",", ":"))
    raw = password.encode()
    made = []
    for algorithm, name in (("pbkdf2", "sha1"), ("pbkdf2-sha256", "sha256"), ("pbkdf2-sha512", "sha512")):
        key = hashlib.pbkdf2_hmac(name, raw, SALT, 1000, 64)
        made.append((key, {"hashIterations": 1000, "algorithm": algorithm, "additionalParameters": {}}))
    more = {"hashLength": ["32"], "memory": ["1024"], "type": ["id"], "version": ["1.3"], "parallelism": ["1"]}
    argon2 = hash_secret(raw, SALT, 2, 1024, 1, 32, Type.ID).decode().split("$")[-1]
    data = {"hashIterations": 2, "algorithm": "argon2", "additionalParameters": more}
    made.append((base64.b64decode(argon2 + "="), data))
    for key, data in made:
        secret = {"value": b64(key), "salt": b64(SALT), "additionalParameters": {}}
        text = compact({"type": "password", "secretData": compact(secret), "credentialData": compact(data)})
        vector("Keycloak", "by definition", password, text)
    key, data = made[1]
    flat = {"hashedSaltedValue": b64(key), "salt": b64(SALT), "hashIterations": 1000, "algorithm": "pbkdf2-sha256"}
    vector("Keycloak", "by definition", password, compact(flat))


def better_auth_vectors(password):
    """better-auth: scrypt of the password in NFKC and of the text of its salt."""
    salt = SALT.hex()
    raw = unicodedata.normalize("NFKC", password).encode()
    key = hashlib.scrypt(raw, salt=salt.encode(), n=16384, r=16, p=1, dklen=64, maxmem=64 * 2**20)
    vector("better-auth", "by definition", password, f"{salt}:{key.hex()}")


SIGNER_KEY = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA=="


def firebase(password, salt, mem_cost):
    key = hashlib.scrypt(
        password.encode(), salt=base64.b64decode(salt) + b"\x07", n=2**mem_cost, r=8, p=1, dklen=64, maxmem=64 * 2**20
    )
    stream = Cipher(algorithms.AES(key[:32]), modes.CTR(bytes(16))).encryptor()
    return b64(stream.update(base64.b64decode(SIGNER_KEY)))


def firebase_vectors(password):
    for salt, mem_cost in (("42xEC+ixf3L2lw==", 10),):
        text = f"$fbscrypt$v=1,n={mem_cost},r=8,p=1,ss=Bw==,sk={SIGNER_KEY}${salt}${firebase(password, salt, mem_cost)}"
        vector("$fbscrypt$", "by definition", password, text)


for each in PASSWORDS:
    for make in (
        django_vectors,
        passlib_vectors,
        phc_vectors,
        devise_vectors,
        wordpress_vectors,
        asp_net_vectors,
        keycloak_vectors,
        better_auth_vectors,
        firebase_vectors,
    ):
        make(each)

# The published example of firebase/scrypt, which the definition above must give too.
PUBLISHED = "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ=="
assert firebase("user1password", "42xEC+ixf3L2lw==", 14) == PUBLISHED
vector(
    "$fbscrypt$",
    "published",
    "user1password",
    f"$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk={SIGNER_KEY}$42xEC+ixf3L2lw==${PUBLISHED}",
)
print(json.dumps(vectors, indent=1))
