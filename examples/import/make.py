"""Makes the samples of this folder: invented people, as nine systems export them.

python3 -m venv venv && venv/bin/pip install django==5.2.19 passlib==1.7.4 bcrypt==5.0.0 argon2-cffi==25.1.0 cryptography
venv/bin/python examples/import/make.py

Everyone's password is `password-of-NAME`, such as `password-of-amira`. Costs are what each system makes unless told otherwise.
"""
import base64
import csv
import hashlib
import hmac
import io
import json
import pathlib

import bcrypt
from argon2.low_level import Type, hash_secret
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from passlib.hash import phpass

folder = pathlib.Path(__file__).parent
b64 = lambda data: base64.b64encode(data).decode()
salt_of = lambda name: hashlib.sha256(f"salt of {name}".encode()).digest()[:16]
password_of = lambda name: f"password-of-{name}".encode()
id_of = lambda name: hashlib.sha256(f"id of {name}".encode()).hexdigest()


def uuid_of(name):
    text = id_of(name)
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:32]}"


def bcrypt_of(name, mark="2b", cost=10, given=None):
    """With a salt that is the same in each run."""
    alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    salt = "".join(alphabet[byte % 64] for byte in hashlib.sha256(f"bcrypt {name}".encode()).digest()[:21]) + "u"
    made = bcrypt.hashpw(given or password_of(name), f"$2b${cost}${salt}".encode()).decode()
    return made.replace("$2b$", f"${mark}$", 1)


def write(name, text):
    (folder / name).write_text(text)


def csv_text(header, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if header:
        writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def lines(rows):
    return "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)


def document(value):
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def auth0():
    """The users' export of its extension, and the file of hashes that its support gives out."""
    users, hashes = [], []
    # Ben came from a database of the team's own, whose script gave his id.
    for name, own_id in (("amira", None), ("ben", "crm-4712")):
        oid = id_of(name)[:24]
        users.append(
            {
                "Id": f"auth0|{own_id or oid}",
                "Given Name": name.title(),
                "Family Name": "Example",
                "Nickname": name,
                "Name": f"{name.title()} Example",
                "Email": f"{name}@auth0.example.com",
                "Email Verified": True,
                "Picture": f"https://pictures.example.com/{name}.png",
                "Connection": "Username-Password-Authentication",
                "Created At": "2023-02-11T09:12:44.021Z",
                "Updated At": "2026-10-02T17:40:03.512Z",
            }
        )
        hashes.append(
            {
                "_id": {"$oid": oid},
                "email_verified": True,
                "email": f"{name}@auth0.example.com",
                "passwordHash": bcrypt_of(name),
                "password_set_date": {"$date": "2023-02-11T09:12:44.021Z"},
                "tenant": "example",
                "connection": "Username-Password-Authentication",
                "_tmp_is_unique": True,
                "identifiers": [{"type": "email", "value": f"{name}@auth0.example.com", "verified": True}],
                **({"alt_id": own_id} if own_id else {}),
            }
        )
    write("auth0-users.ndjson", lines(users))
    write("auth0-hashes.ndjson", lines(hashes))


SIGNER_KEY = hashlib.sha512(b"an invented signer key").digest()


def firebase_hash(name):
    salt = salt_of(name)[:10]
    key = hashlib.scrypt(password_of(name), salt=salt + b"\x07", n=2**14, r=8, p=1, dklen=64, maxmem=64 * 2**20)
    stream = Cipher(algorithms.AES(key[:32]), modes.CTR(bytes(16))).encryptor()
    return b64(stream.update(SIGNER_KEY)), b64(salt)


def firebase():
    users = []
    for name in ("chidi", "dana"):
        made, salt = firebase_hash(name)
        users.append(
            {
                "localId": id_of(name)[:28],
                "email": f"{name}@firebase.example.com",
                "emailVerified": True,
                "passwordHash": made,
                "salt": salt,
                "lastSignedInAt": "1759421440000",
                "createdAt": "1676106764021",
                "disabled": False,
                "phoneNumber": "+201001110001" if name == "chidi" else "+201001110002",
                "providerUserInfo": [],
            }
        )
    users.append(
        {
            "localId": id_of("emil")[:28],
            "email": "emil@firebase.example.com",
            "emailVerified": True,
            "displayName": "Emil Example",
            "createdAt": "1676106764021",
            "providerUserInfo": [{"providerId": "google.com", "rawId": "1", "email": "emil@firebase.example.com"}],
        }
    )
    write("firebase.json", json.dumps({"users": users}, indent=2))
    rows = []
    for name in ("farid",):
        made, salt = firebase_hash(name)
        row = [id_of(name)[:28], f"{name}@firebase.example.com", "true", made, salt] + [""] * 18
        rows.append(row + ["1676106764021", "1759421440000", "+201001110003", "false", ""])
    write("firebase.csv", csv_text(None, rows))
    write(
        "firebase-hash-config.txt",
        "hash_config {\n  algorithm: SCRYPT,\n"
        f"  base64_signer_key: {b64(SIGNER_KEY)},\n"
        "  base64_salt_separator: Bw==,\n  rounds: 8,\n  mem_cost: 14,\n}\n",
    )
    config = {"algorithm": "SCRYPT", "base64_signer_key": b64(SIGNER_KEY), "base64_salt_separator": "Bw=="}
    write("firebase-hash-config.json", document({"hash_config": {**config, "rounds": 8, "mem_cost": 14}}))


def keycloak():
    def credential(name, kind):
        salt = salt_of(name)
        if kind == "argon2":
            key = hash_secret(password_of(name), salt, 5, 7168, 1, 32, Type.ID).decode().split("$")[-1] + "="
            more = {"hashLength": ["32"], "memory": ["7168"], "type": ["id"], "version": ["1.3"], "parallelism": ["1"]}
            data = {"hashIterations": 5, "algorithm": "argon2", "additionalParameters": more}
        else:
            iterations = 210000 if kind == "sha512" else 27500
            key = b64(hashlib.pbkdf2_hmac(kind, password_of(name), salt, iterations, 64))
            data = {"hashIterations": iterations, "algorithm": f"pbkdf2-{kind}", "additionalParameters": {}}
        secret = {"value": key, "salt": b64(salt), "additionalParameters": {}}
        return {
            "id": uuid_of(f"credential {name}"),
            "type": "password",
            "createdDate": 1676106764021,
            "secretData": json.dumps(secret, separators=(",", ":")),
            "credentialData": json.dumps(data, separators=(",", ":")),
        }

    users = [
        {
            "id": uuid_of(name),
            "createdTimestamp": 1676106764021,
            "username": name if name != "hana" else "hana@keycloak.example.com",
            "enabled": True,
            "totp": False,
            "emailVerified": True,
            "firstName": name.title(),
            "lastName": "Example",
            "email": f"{name}@keycloak.example.com",
            "attributes": {"locale": ["en_US"], "phoneNumber": [f"+20100111001{place}"]},
            "credentials": [credential(name, kind)],
            "disableableCredentialTypes": [],
            "requiredActions": [],
            "realmRoles": ["default-roles-example"],
            "notBefore": 0,
            "groups": [],
        }
        for place, (name, kind) in enumerate((("gita", "argon2"), ("hana", "sha512"), ("ines", "sha256")))
    ]
    users.append({"id": uuid_of("service"), "username": "service-account-app", "enabled": True, "serviceAccountClientId": "app"})
    write("keycloak.json", document({"realm": "example", "enabled": True, "users": users}))


def cognito():
    users = [
        {
            "Username": name,
            "Attributes": [
                {"Name": "email", "Value": f"{name}@cognito.example.com"},
                {"Name": "email_verified", "Value": "true"},
                {"Name": "phone_number", "Value": f"+20100111002{place}"},
                {"Name": "sub", "Value": uuid_of(name)},
            ],
            "UserCreateDate": "2023-02-11T10:12:44.021000+01:00",
            "UserLastModifiedDate": "2026-10-02T19:40:03.512000+02:00",
            "Enabled": True,
            "UserStatus": "CONFIRMED",
        }
        for place, name in enumerate(("jana", "karim"))
    ]
    write("cognito.json", document({"Users": users}))
    header = (
        "name,given_name,family_name,middle_name,nickname,preferred_username,profile,picture,website,email,email_verified,"
        "gender,birthdate,zoneinfo,locale,phone_number,phone_number_verified,address,updated_at,cognito:mfa_enabled,cognito:username"
    ).split(",")
    values = {"email": "leila@cognito.example.com", "email_verified": "TRUE", "cognito:mfa_enabled": "FALSE"}
    values |= {"cognito:username": "leila", "locale": "en_US", "phone_number": "+201001110029"}
    write("cognito.csv", csv_text(header, [[values.get(name, "") for name in header]]))


def supabase():
    header = (
        "instance_id,id,aud,role,email,encrypted_password,email_confirmed_at,invited_at,confirmation_token,last_sign_in_at,"
        "raw_app_meta_data,raw_user_meta_data,is_super_admin,created_at,updated_at,phone,phone_confirmed_at,confirmed_at,"
        "banned_until,is_sso_user,deleted_at,is_anonymous"
    ).split(",")
    rows = []
    for place, name in enumerate(("marta", "nils", "gone")):
        values = {
            "instance_id": "00000000-0000-0000-0000-000000000000",
            "id": uuid_of(name),
            "aud": "authenticated",
            "role": "authenticated",
            "email": f"{name}@supabase.example.com",
            "encrypted_password": bcrypt_of(name, "2a"),
            "email_confirmed_at": "2023-02-11 09:12:44.021+00",
            "raw_app_meta_data": '{"provider": "email", "providers": ["email"]}',
            "raw_user_meta_data": '{"full_name": "%s"}' % name.title(),
            "created_at": "2023-02-11 09:12:44.021+00",
            "phone": f"20100111003{place}",
            "is_sso_user": "false",
            "deleted_at": "2024-01-01 00:00:00+00" if name == "gone" else "",
            "is_anonymous": "false",
        }
        rows.append([values.get(column, "") for column in header])
    write("supabase.csv", csv_text(header, rows))


def clerk():
    header = (
        "id,first_name,last_name,username,primary_email_address,primary_phone_number,verified_email_addresses,"
        "unverified_email_addresses,verified_phone_numbers,unverified_phone_numbers,totp_secret,password_digest,password_hasher"
    ).split(",")
    rows = [
        [f"user_{id_of(name)[:27]}", name.title(), "Example", name, f"{name}@clerk.example.com", f"+20100111004{place}"]
        + [f"{name}@clerk.example.com", "", f"+20100111004{place}", "", "", bcrypt_of(name), "bcrypt"]
        for place, name in enumerate(("olga", "pavel"))
    ]
    write("clerk.csv", csv_text(header, rows))


def wordpress():
    key = base64.b64encode(hmac.new(b"wp-sha384", password_of("rosa"), hashlib.sha384).digest())
    hashes = {
        "quentin": phpass.using(rounds=13, salt="wpsaltwp").hash(password_of("quentin")),
        "rosa": "$wp" + bcrypt_of("rosa", "2y", 10, key),
    }
    header = "ID,user_login,user_pass,user_nicename,user_email,user_url,user_registered,user_activation_key,user_status,display_name"
    rows = [
        [place + 7, name, made, name, f"{name}@wordpress.example.com", "", "2019-05-04 08:00:00", "", 0, name.title()]
        for place, (name, made) in enumerate(hashes.items())
    ]
    write("wordpress.csv", csv_text(header.split(","), rows))


def django():
    def made(name):
        salt = "sD2f8Kq0Zr4LmV7xTn1cYe"
        if name == "sofia":
            return f"pbkdf2_sha256$1000000${salt}${b64(hashlib.pbkdf2_hmac('sha256', password_of(name), salt.encode(), 1000000))}"
        if name == "tarek":
            return "argon2" + hash_secret(password_of(name), salt.encode(), 2, 102400, 8, 32, Type.ID).decode()
        key = hashlib.scrypt(password_of(name), salt=salt.encode(), n=16384, r=8, p=5, maxmem=64 * 2**20, dklen=64)
        return f"scrypt$16384${salt}$8$5${b64(key)}"

    people = [
        {
            "model": "auth.user",
            "pk": place + 1,
            "fields": {
                "password": made(name),
                "last_login": "2026-10-02T17:40:03.512Z",
                "is_superuser": False,
                "username": name,
                "first_name": name.title(),
                "last_name": "Example",
                "email": f"{name}@django.example.com",
                "is_staff": False,
                "is_active": True,
                "date_joined": "2023-02-11T09:12:44.021Z",
                "groups": [],
                "user_permissions": [],
            },
        }
        for place, name in enumerate(("sofia", "tarek", "ulla"))
    ]
    group = {"model": "auth.group", "pk": 1, "fields": {"name": "editors", "permissions": []}}
    write("django.json", json.dumps([group, *people]) + "\n")


def better_auth():
    users, accounts = [], []
    for name in ("vera", "wim"):
        salt = salt_of(name).hex()
        key = hashlib.scrypt(password_of(name), salt=salt.encode(), n=16384, r=16, p=1, dklen=64, maxmem=64 * 2**20)
        users.append(
            {
                "id": id_of(name)[:32],
                "name": f"{name.title()} Example",
                "email": f"{name}@better-auth.example.com",
                "emailVerified": True,
                "image": None,
                "createdAt": "2025-02-11T09:12:44.021Z",
                "updatedAt": "2026-10-02T17:40:03.512Z",
            }
        )
        accounts.append(
            {
                "id": id_of(f"account {name}")[:32],
                "accountId": id_of(name)[:32],
                "providerId": "credential",
                "userId": id_of(name)[:32],
                "password": f"{salt}:{key.hex()}",
                "createdAt": "2025-02-11T09:12:44.021Z",
            }
        )
    write("better-auth.json", document({"user": users, "account": accounts}))


def people():
    """Fields of our own, as a spreadsheet of another language writes them."""
    rows = [
        "User ID;Email;Username;Phone;Locale;passwordHash;mfaEnabled;Status",
        f"c-1001;xenia@example.com;xenia;+201001110051;en_US;{bcrypt_of('xenia')};FALSE;active",
        "c-1002;yusuf@example.com;yusuf;+201001110052;ar;;FALSE;active",
    ]
    write("people.csv", "\ufeff" + "\r\n".join(rows) + "\r\n")


def devise():
    """Rails: bcrypt of the password and a pepper behind it, of which bcrypt reads 72 bytes in all."""
    pepper = id_of("pepper") + id_of("more pepper")
    rows = [
        (str(place), f"{name}@devise.example.com", bcrypt_of(name, "2a", 12, (password_of(name) + pepper.encode())[:72]))
        for place, name in enumerate(("zoe",), 4711)
    ]
    write("devise.csv", csv_text(("userId", "email", "passwordHash"), rows))
    write("devise-pepper.json", json.dumps({"pepper": pepper}) + "\n")


for make in (people, devise, auth0, firebase, keycloak, cognito, supabase, clerk, wordpress, django, better_auth):
    make()
