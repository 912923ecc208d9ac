"""jwcrypto, an implementation of JOSE that shares nothing with ours: makes keys and tokens, and opens them.

Reads one JSON list of orders from its standard input and writes one JSON list of answers, in the same order. What it
refuses is answered by a text that begins with "refused: ".
"""

import json
import sys

from jwcrypto import jwa, jwe, jwk, jws
from jwcrypto.common import base64url_encode

# RSA1_5 is left out of what jwcrypto allows unless it is asked for.
ENCRYPTING = [*jwe.default_allowed_algs, "RSA1_5"]
SIGNING = [*jws.default_allowed_algs]
# Its own bound is 16,384 rounds, fewer than what is recommended today.
jwa.default_max_pbkdf2_iterations = 1 << 24


def generate(order):
    key = jwk.JWK.generate(**order["parameters"])
    return {"private": json.loads(key.export(private_key=True)), "public": public(key)}


def public(key):
    return None if key["kty"] == "oct" else json.loads(key.export_public())


def read(key):
    if isinstance(key, str):
        # A password.
        return jwk.JWK(kty="oct", k=base64url_encode(key.encode()))
    return jwk.JWK(**key)


def sign(order):
    token = jws.JWS(order["payload"].encode())
    token.allowed_algs = SIGNING
    token.add_signature(read(order["key"]), protected=order["header"])
    return token.serialize(compact=True)


def verify(order):
    token = jws.JWS()
    token.allowed_algs = SIGNING
    token.deserialize(order["token"], read(order["key"]))
    return token.payload.decode()


def encrypt(order):
    token = jwe.JWE(order["payload"].encode(), order["header"], algs=ENCRYPTING)
    token.add_recipient(read(order["key"]))
    return token.serialize(compact=True)


def decrypt(order):
    token = jwe.JWE(algs=ENCRYPTING)
    token.deserialize(order["token"], read(order["key"]))
    return token.payload.decode()


DO = {"generate": generate, "sign": sign, "verify": verify, "encrypt": encrypt, "decrypt": decrypt}


def answer(order):
    try:
        return DO[order["do"]](order)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what it says of this one.
        return f"refused: {type(error).__name__}: {error}"


json.dump([answer(order) for order in json.load(sys.stdin)], sys.stdout)
