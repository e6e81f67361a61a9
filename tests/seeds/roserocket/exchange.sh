curl --request POST \
     --url "$PLATFORM/oauth/token" \
     --header 'content-type: application/x-www-form-urlencoded' \
     --data grant_type=authorization_code \
     --data "client_id=$CLIENT_ID" \
     --data "client_secret=$CLIENT_SECRET" \
     --data "code=$CODE" \
     --data "redirect_uri=$REDIRECT_URI"
