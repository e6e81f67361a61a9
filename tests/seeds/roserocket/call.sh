curl --request GET \
  --url "$API/api/v1/orders" \
  --header "Authorization: Bearer $ACCESS_TOKEN"
