//! Rose Rocket's API: the orders of the organization that a token is for.
//!
//! Owns a small world that is the same for an organization every day. Nothing in it is stored.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::denied::Denied;
use super::dice::{Dice, pick};
use super::{Api, answer_with};

const PLACES: [&str; 10] =
    ["Hamilton", "Montréal", "Duluth", "Halifax", "Moncton", "Toledo", "Regina", "Sault Ste. Marie", "Buffalo", "Thunder Bay"];
const FREIGHT: [&str; 10] = [
    "12 pallets of oat milk",
    "roses, cut, chilled",
    "one carousel, in parts",
    "maple syrup, 40 drums",
    "22 pallets of paper",
    "ice cream, four kinds",
    "garden gnomes, 900",
    "a boat, small",
    "cedar planks",
    "hockey sticks, left-handed",
];
const STATUS: [&str; 4] = ["booked", "loading", "in transit", "delivered"];
const ORDERS: u8 = 4;

/// What is answered for an organization.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Answer<'a> {
    org_id: &'a str,
    organization: &'a str,
    orders: Vec<Order>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Order {
    id: String,
    from: &'static str,
    to: &'static str,
    freight: &'static str,
    status: &'static str,
}

/// `GET /api/v1/orders`
pub(super) async fn orders(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    let door = &api.roserocket;
    let holder = match door.holder(&request, None).await {
        Ok(holder) => holder,
        Err(denied) => return door.refuse(&denied),
    };
    let customer = api.customers.iter().find(|customer| Some(&customer.org_id) == holder.org_id.as_ref());
    customer.map_or_else(
        || door.refuse(&Denied::NoOrganization),
        |customer| answer_with(&Answer { org_id: &customer.org_id, organization: &customer.name, orders: orders_of(&customer.org_id) }),
    )
}

fn orders_of(org_id: &str) -> Vec<Order> {
    let mut dice = Dice::of(org_id);
    let (first, first_freight) = (1000 + u16::from(dice.roll()) * 7, dice.roll() % 10);
    // Steps of three lead through all ten, so that nothing is sent twice.
    (0..ORDERS).map(|turn| order(first + u16::from(turn) * 3, pick(&FREIGHT, first_freight + turn * 3), &mut dice)).collect()
}

fn order(number: u16, freight: &'static str, dice: &mut Dice) -> Order {
    let from = dice.pick(&PLACES);
    let elsewhere: Vec<&'static str> = PLACES.into_iter().filter(|place| *place != from).collect();
    Order { id: format!("RR-{number}"), from, to: dice.pick(&elsewhere), freight, status: dice.pick(&STATUS) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_organization_has_its_own_orders() {
        assert_eq!(orders_of("org_alder"), orders_of("org_alder"));
        assert_ne!(orders_of("org_alder"), orders_of("org_sable"));
        assert!(orders_of("org_alder").iter().all(|order| order.from != order.to));
    }
}
