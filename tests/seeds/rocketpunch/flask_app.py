"""Rocketpunch's guide in Python: a Flask app that connects a person's account and shows their profile."""

import os
from urllib.parse import urlencode

import requests
from flask import Flask, redirect, request, session

PLATFORM, API, PORT = os.environ["PLATFORM"], os.environ["API"], os.environ["PORT"]
CALLBACK = f"http://127.0.0.1:{PORT}/auth/rocketpunch/callback"

app = Flask(__name__)
app.secret_key = "of the sample"


def token(**parameters):
    credentials = {"client_id": os.environ["RP_CLIENT_ID"], "client_secret": os.environ["RP_CLIENT_SECRET"]}
    response = requests.post(
        f"{PLATFORM}/oauth/token",
        data={**parameters, **credentials},
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    if not response.ok:
        raise RuntimeError(f"the token endpoint says {response.json()['error']}")
    return response.json()


def profile(access_token):
    response = requests.get(
        f"{API}/api/v1/profiles/me",
        headers={"Authorization": f"Bearer {access_token}", "Content-Type": "application/json"},
    )
    if not response.ok:
        raise RuntimeError(f"the API says {response.json()['error']['message']}")
    return response.json()


@app.errorhandler(RuntimeError)
def failed(error):
    return str(error), 502


@app.get("/connect")
def connect():
    query = urlencode(
        {
            "client_id": os.environ["RP_CLIENT_ID"],
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": os.environ["RP_SCOPE"],
        }
    )
    return redirect(f"{PLATFORM}/oauth/authorize?{query}")


@app.get("/auth/rocketpunch/callback")
def callback():
    if request.args.get("error"):
        return redirect("/connect-failed")
    code = request.args.get("code")
    if not code:
        return "no code", 400
    session["tokens"] = token(grant_type="authorization_code", code=code, redirect_uri=CALLBACK)
    return redirect("/dashboard")


@app.get("/connect-failed")
def connect_failed():
    return "not connected"


@app.get("/dashboard")
def dashboard():
    return {"tokens": session["tokens"], "profile": profile(session["tokens"]["access_token"])}


@app.get("/refresh")
def refresh():
    # Some minutes early, as the guide advises; the access token of before has not ended.
    before = session["tokens"]
    session["tokens"] = token(grant_type="refresh_token", refresh_token=before["refresh_token"])
    profiles = [profile(tokens["access_token"]) for tokens in (before, session["tokens"])]
    return {"before": before, "tokens": session["tokens"], "profiles": profiles}


@app.get("/call-with/<token>")
def call_with(token):
    return profile(token)


app.run(host="127.0.0.1", port=int(PORT))
