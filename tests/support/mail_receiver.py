#!/usr/bin/python3
"""A mail server for tests, Debian's python3-aiosmtpd: prints the port of 127.0.0.1 that it listens on, then each mail
that it takes as a line of JSON.

usage: mail_receiver.py [CERTIFICATE KEY USER PASSWORD]

With the four, nothing is taken before STARTTLS and a login.
"""

import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Taker:
    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        told = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos[0],
            "headers": {name: str(value) for name, value in mail.items()},
            "text": mail.get_body(("plain",)).get_content(),
            "html": mail.get_body(("html",)).get_content(),
            "tls": session.ssl is not None,
        }
        print(json.dumps(told), flush=True)
        return "250 OK"


def guarded(certificate, key, user, password):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def judge(server, session, envelope, mechanism, given):
        right = (given.login, given.password) == (user.encode(), password.encode())
        return AuthResult(success=right)

    return {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": judge}


async def main(arguments):
    options = guarded(*arguments) if arguments else {}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Taker(), **options), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main(sys.argv[1:]))
