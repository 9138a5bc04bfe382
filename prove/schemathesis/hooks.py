"""What Schemathesis cannot know from the document: the formats named there, a session, and an address of its own for each call."""

import json
import os
import random
import uuid
import urllib.request

import schemathesis
from hypothesis import strategies as st

URL = os.environ["LATCHKEY_URL"]
PASSWORD = "password123"
# argon2id of it, as the test identities have it.
HASH = "$argon2id$v=19$m=19456,t=2,p=1$qZDu9C6aJhW5VCY91FBnHg$VuqqYuaMl5hRRyCiOv+aXUuQCPi7G1s2GDvo8yy8NcE"

usernames = st.from_regex(r"\A[a-z0-9._-]{2,20}[a-z]\Z")
phones = st.one_of(
    st.from_regex(r"\A\+2010[0-9]{8}\Z"),
    st.from_regex(r"\A\+91 ?98[0-9]{8}\Z"),
    st.sampled_from(["+201001234567", "+919876543210"]),
)
emails = st.one_of(
    st.from_regex(r"\A[a-z0-9.+_-]{1,20}@[a-z]{1,10}\.(com|org|eg)\Z"),
    st.sampled_from(["priya.sharma@example.com", "omar.hassan@example.com", "Rahul.Kumar@EXAMPLE.com"]),
)
schemathesis.openapi.format("email", emails)
schemathesis.openapi.format("phone", phones)
schemathesis.openapi.format("username", usernames)
schemathesis.openapi.format("password-hash", st.just(HASH))
schemathesis.openapi.format("email-or-username", st.one_of(emails, usernames))
schemathesis.openapi.format("email-or-username-or-phone", st.one_of(emails, usernames, phones))


def ask(method, path, body):
    request = urllib.request.Request(
        URL + path,
        data=json.dumps(body).encode(),
        method=method,
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


@schemathesis.auth(refresh_interval=15)
class Session:
    """A new person now and then: the run logs out, ends sessions, erases people and runs into limits."""

    def get(self, case, context):
        name = uuid.uuid4().hex
        ask("PUT", f"/admin/identities/u-{name}", {"email": f"{name}@example.com", "passwordHash": HASH})
        body = {"identifier": f"{name}@example.com", "password": PASSWORD}
        return ask("POST", "/api/auth/login", body)["data"]["accessToken"]

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """On one machine the admin routes are open to whoever reaches the loopback; deployed, API Gateway asks IAM first."""
    for path, operations in raw_schema["paths"].items():
        if path.startswith("/admin/"):
            for operation in operations.values():
                operation["security"] = []


@schemathesis.hook
def before_call(context, case, kwargs):
    """From one address everything would soon be a refusal by a limit."""
    ask("PUT", "/_local/source-ip", {"ip": f"2001:db8:{random.randrange(65536):x}:{random.randrange(65536):x}::1"})


# No schema can say which cursors were given out, nor that MFA needs a phone in a country that gets messages.
UNSAYABLE = {"cursor", "mfaEnabled"}
# The coverage phase makes strings of extreme lengths, which it does not hold to a format.
OF_A_FORMAT = {"email", "phone", "username", "identifier", "passwordHash"}
RULES_OF_SECRETS = {"PASSWORD_WEAK", "PASSWORD_BREACHED", "PIN_FORMAT", "PIN_TRIVIAL"}


@schemathesis.check
def valid_data_is_read(ctx, response, case):
    """Of a refusal with 400 only the code tells whether the body was not read, or a rule for secrets refused it."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code not in (400, 413, 415):
        return
    error = response.json()["error"]
    fields = {detail["field"] for detail in error.get("details", [])}
    excused = UNSAYABLE | (OF_A_FORMAT if case.meta.phase.name.value == "coverage" else set())
    if error["code"] in RULES_OF_SECRETS or fields & excused:
        return
    raise AssertionError(f"what the document allows is refused: {error}")
