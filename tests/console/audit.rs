//! The audit log: what is written of who changes what, who reads which lines, and how they leave as a file.

use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Clock as _;

use crate::support::{Gantry, Person};

#[tokio::test]
async fn what_an_admin_changes_stands_in_the_log_before_and_after() {
    let gantry = Gantry::start().await;
    let admin = gantry.realm_admin().await;
    let (realm, now) = (gantry.realm_id().await, gantry.clock.now());
    let line = AuditEntry::new(realm, now, AuditEvent::Updated)
        .reason("because <b>")
        .detail(serde_json::json!({ "before": { "name": "Old" }, "after": { "name": "New" }, "fields": ["name"] }));
    gantry.store.transact(realm, async |tx| Ok(tx.audit().insert(&line).await?)).await.unwrap();
    let list = admin.page("/console/realms/default/audit?event=updated").await;
    assert!(list.html.contains("because &lt;b&gt;"), "{}", list.html);
    assert!(!list.html.contains(&format!("audit/{}", AuditEntry::new(realm, now, AuditEvent::Updated).id)));
    let entry = admin.page(&format!("/console/realms/default/audit/{}", line.id)).await;
    for part in ["Old", "New", "because &lt;b&gt;"] {
        assert!(entry.html.contains(part), "{part}: {}", entry.html);
    }
    // The sign-in to the console itself is there, by the person's address and with where it came from.
    let list = admin.page(&format!("/console/realms/default/audit?q={}&event=signed_in&when=24h", Person::ADMIN.email)).await;
    assert!(list.html.contains(Person::ADMIN.email) && list.html.contains("127.0.0.1"), "{}", list.html);
    let none = admin.page("/console/realms/default/audit?q=nobody@example.com").await;
    assert!(!none.html.contains("127.0.0.1"), "{}", none.html);
    let export = admin.submit(&list, "export", &[("format", "csv")]).await;
    assert_eq!(export.status, 200);
    assert!(export.headers.get("content-disposition").unwrap().to_str().unwrap().contains("audit.csv"));
    assert!(export.html.starts_with("\"id\",\"at\"") && export.html.contains("\"signed_in\"") && !export.html.contains("\"updated\""));
    let list = admin.page("/console/realms/default/audit?event=audit_exported").await;
    assert_eq!(list.html.matches("/console/realms/default/audit/aud_").count(), 1, "{}", list.html);
}

#[tokio::test]
async fn ten_02_a_tenants_admin_reads_its_own_lines_and_nobody_elses_name() {
    let gantry = Gantry::start().await;
    let console = gantry.tenant_admin(gantry.newcomer("tessa@example.com").await, "alder").await;
    let realm = gantry.realm_id().await;
    let own = gantry.store.read(realm).tenants().find_by_org_id("alder").await.unwrap().unwrap().id;
    let (own, other) = (own, gantry.tenant("birch").await);
    let (now, outsider) = (gantry.clock.now(), gantry.user(Person::ADMIN).await);
    let line = |tenant| AuditEntry::new(realm, now, AuditEvent::Updated).tenant(tenant).user(outsider.id).reason("canary");
    let (mine, theirs) = (line(own).target(&outsider.id), line(other));
    let mine = AuditEntry { ip: Some("198.51.100.7".to_owned()), ..mine };
    gantry.store.transact(realm, async |tx| Ok(tx.audit().insert_all(&[mine.clone(), theirs.clone()]).await?)).await.unwrap();
    let list = console.page("/console/realms/default/tenants/alder/audit").await;
    assert!(list.html.contains(&mine.id.to_string()) && !list.html.contains(&theirs.id.to_string()), "{}", list.html);
    for hidden in [Person::ADMIN.email, &outsider.id.to_string(), "198.51.100.7"] {
        assert!(!list.html.contains(hidden), "{hidden}: {}", list.html);
    }
    let asked = console.get(&format!("/console/realms/default/tenants/alder/audit?q={}", Person::ADMIN.email)).await;
    assert!(!asked.html.contains(&mine.id.to_string()), "who acted from outside is not to be found out: {}", asked.html);
    let export = console.submit(&list, "export", &[("format", "json")]).await;
    assert!(export.html.contains(&mine.id.to_string()) && !export.html.contains(&theirs.id.to_string()));
    assert!(!export.html.contains(&outsider.id.to_string()) && !export.html.contains("198.51.100.7"), "{}", export.html);
    for path in [
        format!("/console/realms/default/tenants/alder/audit/{}", theirs.id),
        format!("/console/realms/default/tenants/birch/audit/{}", theirs.id),
        "/console/realms/default/audit".to_owned(),
    ] {
        assert_eq!(console.open_once(&path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_job_counts_a_flood_in_rounds_and_each_line_once() {
    use gantry::jobs::{Next, roll_up};
    let gantry = Gantry::start().await;
    let (realm, now) = (gantry.realm_id().await, gantry.clock.now());
    let lines: Vec<AuditEntry> = (0..2500).map(|_| AuditEntry::new(realm, now, AuditEvent::RefreshReplayed)).collect();
    gantry.store.transact(realm, async |tx| Ok(tx.audit().insert_all(&lines).await?)).await.unwrap();
    // The server counts too, at the same time.
    while roll_up(&gantry.store).await.unwrap() == Next::Now {}
    let rows = gantry.store.read(realm);
    let mut counted = 0_u64;
    for _ in 0..100 {
        let figures =
            rows.figures().sums(None, &[AuditEvent::RefreshReplayed], now.minus(std::time::Duration::from_hours(2)), 1).await.unwrap();
        counted = figures.iter().map(|figure| figure.count).sum();
        if counted == 2500 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(counted, 2500);
    assert_eq!(roll_up(&gantry.store).await.unwrap(), Next::Later);
}
