"""A real SMTP server for one sender: TLS and AUTH required.

usage: smtp_aiosmtpd.py FOLDER starttls|implicit plain|login|token USERNAME PASSWORD

Makes a CA and a certificate for localhost in FOLDER, prints the port, and after each message writes what it received to
FOLDER/received.json, and the message as it came to FOLDER/received.eml. Ends when its standard input does. Needs aiosmtpd
and the openssl command.

plain   signs in by PLAIN or LOGIN with the password
login   by LOGIN alone
token   by XOAUTH2 alone, with a token from an endpoint of its own, whose port is printed on a second line. It grants a
        token over HTTPS to the application "an-app" with PASSWORD as its secret. The scope names how long that is good
        and how long the endpoint says it is, in seconds: "good/said".
"""

import base64
import email
import email.policy
import hashlib
import http.server
import json
import pathlib
import secrets
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

folder = pathlib.Path(sys.argv[1])
tls, way, username, password = sys.argv[2:6]
sign_ins = []
tokens = {}  # each with its number and when it ends


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def make_certificates():
    extensions = folder / "server.ext"
    extensions.write_text("subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n")
    ca = folder / "ca.pem"
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", 2, "-subj", "/CN=Test CA",
            "-addext", "keyUsage=critical,keyCertSign", "-keyout", folder / "ca.key", "-out", ca)
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
            "-keyout", folder / "server.key", "-out", folder / "server.csr")
    openssl("x509", "-req", "-in", folder / "server.csr", "-CA", ca, "-CAkey", folder / "ca.key", "-CAcreateserial",
            "-days", 2, "-extfile", extensions, "-out", folder / "server.pem")


def authenticate(server, session, envelope, mechanism, data):
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (username.encode(), password.encode())
    sign_ins.append(f"{mechanism}: {'good' if known else 'wrong'}")
    return AuthResult(success=known, handled=False)


class Receiver:
    async def auth_XOAUTH2(self, server, arguments):
        shown = base64.b64decode(arguments[1]) if len(arguments) > 1 else await server.challenge_auth(b"")
        fields = shown.split(b"\x01")
        token = fields[1].decode().removeprefix("auth=Bearer ")
        number, ends = tokens.get(token, (0, 0))
        good = fields[0] == b"user=" + username.encode() and time.monotonic() < ends
        sign_ins.append(f"token {number}: {'good' if good else 'over'}")
        if good:
            return AuthResult(success=True, auth_data=username)
        await server.challenge_auth(b'{"status":"401","schemes":"Bearer"}')
        return AuthResult(success=False, handled=False)

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        received = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "starttls": session.ssl is not None,
            "authenticated": bool(session.authenticated),
            "sign_ins": sign_ins,
            "bytes": len(envelope.content),
            "headers": {name: str(value) for name, value in message.items()},
            "text": message.get_body(("plain",)).get_content(),
            "html": message.get_body(("html",)).get_content(),
            "attachments": [
                {"name": part.get_filename(), "type": part.get_content_type(),
                 "sha256": hashlib.sha256(part.get_content()).hexdigest()}
                for part in message.iter_attachments()
            ],
            "defects": [str(defect) for part in message.walk() for defect in part.defects],
        }
        (folder / "received.eml").write_bytes(envelope.content)
        (folder / "received.json").write_text(json.dumps(received))
        return "250 2.0.0 taken"


class Grants(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["content-length"])).decode()))
        asked = (form["grant_type"], form["client_id"], form["client_secret"])
        if asked == ("client_credentials", "an-app", password):
            good, said = map(float, form["scope"].split("/"))
            token = secrets.token_urlsafe(1500)  # those of Microsoft are as long
            tokens[token] = (len(tokens) + 1, time.monotonic() + good)
            self.answer(200, {"token_type": "Bearer", "expires_in": said, "access_token": token})
        else:
            self.answer(401, {"error": "invalid_client", "error_description": "no such application, or another secret"})

    def answer(self, status, body):
        body = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


make_certificates()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder / "server.pem", folder / "server.key")
with socket.socket() as probe:  # the controller cannot tell which port it was given, so one is found for it
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
security = {"ssl_context": context} if tls == "implicit" else {"tls_context": context, "require_starttls": True}
excluded = {"plain": [], "login": ["PLAIN"], "token": ["PLAIN", "LOGIN"]}[way]
if way == "token":
    SMTP.line_length_limit = 12_290  # as RFC 4954 has it for what follows AUTH; its own 1000 is for texts
else:
    del Receiver.auth_XOAUTH2
# aiosmtpd does not count TLS from the first byte as TLS when it decides whether to offer AUTH.
controller = Controller(Receiver(), hostname="localhost", port=port, auth_required=True,
                        auth_require_tls=tls == "starttls", authenticator=authenticate, ready_timeout=30,
                        auth_exclude_mechanism=excluded, data_size_limit=36_000_000, **security)
controller.start()
print(port, flush=True)
if way == "token":
    endpoint = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Grants)
    endpoint.socket = context.wrap_socket(endpoint.socket, server_side=True)
    threading.Thread(target=endpoint.serve_forever, daemon=True).start()
    print(endpoint.server_address[1], flush=True)
sys.stdin.read()
controller.stop()
