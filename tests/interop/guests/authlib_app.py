"""An app that signs people in with Authlib's integration for Flask, as its documentation shows it."""

import json
import os

# Without https only on one's own machine; the library wants that said.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask, request

guest = json.loads(os.environ["GUEST"])
app = Flask(__name__)
app.secret_key = "a guest's own secret"
oauth = OAuth(app)
held = {}

for name, platform in guest["platforms"].items():
    oauth.register(
        name,
        client_id=platform["client_id"],
        client_secret=platform["client_secret"],
        server_metadata_url=platform["issuer"] + "/.well-known/openid-configuration",
        authorize_params=platform.get("parameters"),
        client_kwargs={"scope": platform["scope"], "code_challenge_method": "S256"},
    )


def session(name, **more):
    platform = guest["platforms"][name]
    return OAuth2Session(platform["client_id"], platform["client_secret"], scope=platform["scope"], **more)


@app.errorhandler(OAuthError)
def refuse(error):
    return {"error": error.error, "error_description": error.description}, 400


@app.get("/")
def home():
    return {}


@app.get("/<name>")
def connect(name):
    return oauth.create_client(name).authorize_redirect(guest["platforms"][name]["redirect_uri"])


@app.get("/<name>/callback")
def callback(name):
    tokens = oauth.create_client(name).authorize_access_token()
    held[name] = dict(tokens)
    return {"tokens": tokens, "subject": (tokens.get("userinfo") or {}).get("sub")}


@app.get("/<name>/refresh")
def refresh(name):
    address = guest["platforms"][name]["token_endpoint"]
    tokens = session(name, token=held[name]).refresh_token(address, refresh_token=held[name]["refresh_token"], **request.args)
    held[name] = {**held[name], **tokens}
    return {"tokens": tokens}


@app.get("/<name>/userinfo")
def userinfo(name):
    return oauth.create_client(name).userinfo(token=held[name])


@app.get("/<name>/give-back")
def give_back(name):
    address = guest["platforms"][name]["revocation_endpoint"]
    answer = session(name).revoke_token(address, token=held[name]["refresh_token"], token_type_hint="refresh_token")
    return {}, answer.status_code


app.run(host="127.0.0.1", port=guest["port"])
