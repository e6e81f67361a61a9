curl "$API/api/profile" \
  -H "Authorization: Bearer $TOKEN"
