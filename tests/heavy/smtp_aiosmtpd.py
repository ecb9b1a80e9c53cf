"""A real SMTP server for one message: TLS and AUTH required.

usage: smtp_aiosmtpd.py FOLDER starttls|implicit USERNAME PASSWORD

Makes a CA and a certificate for localhost in FOLDER, prints the port, and after the first message writes what
it received to FOLDER/received.json. Ends when its standard input does. Needs aiosmtpd and the openssl command.
"""

import email
import email.policy
import hashlib
import json
import pathlib
import socket
import ssl
import subprocess
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

folder = pathlib.Path(sys.argv[1])
tls, username, password = sys.argv[2:5]


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
    return AuthResult(success=known, handled=False)


class Receiver:
    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        received = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "starttls": session.ssl is not None,
            "authenticated": bool(session.authenticated),
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
        (folder / "received.json").write_text(json.dumps(received))
        return "250 2.0.0 taken"


make_certificates()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder / "server.pem", folder / "server.key")
with socket.socket() as probe:  # the controller cannot tell which port it was given, so one is found for it
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
security = {"ssl_context": context} if tls == "implicit" else {"tls_context": context, "require_starttls": True}
# aiosmtpd does not count TLS from the first byte as TLS when it decides whether to offer AUTH.
controller = Controller(Receiver(), hostname="localhost", port=port, auth_required=True,
                        auth_require_tls=tls == "starttls", authenticator=authenticate, ready_timeout=30, **security)
controller.start()
print(port, flush=True)
sys.stdin.read()
controller.stop()
