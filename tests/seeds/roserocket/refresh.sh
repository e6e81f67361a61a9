curl --request POST \
  --url "$PLATFORM/oauth/token" \
  --header 'content-type: application/x-www-form-urlencoded' \
  --data 'grant_type=refresh_token' \
  --data "refresh_token=$REFRESH_TOKEN" \
  --data "client_id=$CLIENT_ID" \
  --data "client_secret=$CLIENT_SECRET" \
  --data "org_id=$ORG_ID"
