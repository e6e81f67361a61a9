curl "$API/api/v1/jobs" \
  -H "X-RP-API-Key: $APP_KEY"
