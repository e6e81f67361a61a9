"""An app that signs people in with oauthlib through requests-oauthlib, as the latter's web example does.

The addresses come from the platform's guide, since the library knows no discovery.
"""

import json
import os

# Without https only on one's own machine; the library wants that said.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests
from flask import Flask, redirect, request
from oauthlib.oauth2 import OAuth2Error, WebApplicationClient
from requests_oauthlib import OAuth2Session

guest = json.loads(os.environ["GUEST"])
app = Flask(__name__)
held = {}
pending = {}


def session(name, **more):
    platform = guest["platforms"][name]
    return OAuth2Session(platform["client_id"], redirect_uri=platform["redirect_uri"], scope=platform["scope"].split(" "), **more)


@app.errorhandler(OAuth2Error)
def refuse(error):
    return {"error": error.error, "error_description": error.description}, 400


@app.get("/")
def home():
    return {}


@app.get("/<name>")
def connect(name):
    platform = guest["platforms"][name]
    link, pending[name] = session(name).authorization_url(platform["authorization_endpoint"], **platform.get("parameters", {}))
    return redirect(link)


@app.get("/<name>/callback")
def callback(name):
    platform = guest["platforms"][name]
    tokens = session(name, state=pending[name]).fetch_token(
        platform["token_endpoint"], client_secret=platform["client_secret"], authorization_response=request.url
    )
    held[name] = tokens
    return {"tokens": tokens}


@app.get("/<name>/refresh")
def refresh(name):
    platform = guest["platforms"][name]
    credentials = {"client_id": platform["client_id"], "client_secret": platform["client_secret"]}
    tokens = session(name, token=held[name]).refresh_token(platform["token_endpoint"], **credentials, **request.args)
    held[name] = tokens
    return {"tokens": tokens}


@app.get("/<name>/userinfo")
def userinfo(name):
    answer = session(name, token=held[name]).get(guest["platforms"][name]["userinfo_endpoint"])
    return answer.json(), answer.status_code


@app.get("/<name>/give-back")
def give_back(name):
    platform = guest["platforms"][name]
    client = WebApplicationClient(platform["client_id"])
    address, headers, body = client.prepare_token_revocation_request(platform["revocation_endpoint"], held[name]["refresh_token"], "refresh_token")
    answer = requests.post(address, headers=headers, data=body, auth=(platform["client_id"], platform["client_secret"]), timeout=10)
    return {}, answer.status_code


app.run(host="127.0.0.1", port=guest["port"])
