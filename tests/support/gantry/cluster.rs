//! Several processes of Gantry on one database: each can be killed and started again.

use std::path::PathBuf;
use std::sync::Mutex;

use super::{App, Gantry};
use crate::support::node::{self, Node, NodeSettings};

/// Several processes on one database, beside a store of this process that prepares and looks.
pub struct Cluster {
    /// Its server is stopped; its base is the nodes'.
    pub gantry: Gantry,
    nodes: Vec<Mutex<Node>>,
    ports: Vec<u16>,
    redis: bool,
    log: Option<PathBuf>,
}

impl Cluster {
    /// Starts `count` processes. The first listens at the public URL.
    pub async fn start(count: usize, redis: bool) -> Self {
        Self::started(Gantry::start().await, count, redis, false).await
    }

    /// Starts one process that says everything it can say into a file.
    pub async fn talkative() -> (Self, PathBuf) {
        let cluster = Self::started(Gantry::start().await, 1, true, true).await;
        let log = cluster.log.clone().unwrap();
        (cluster, log)
    }

    async fn started(mut gantry: Gantry, count: usize, redis: bool, logged: bool) -> Self {
        gantry.stop_serving().await;
        let ports: Vec<u16> = (0..count).map(|_| node::free_port()).collect();
        gantry.base = format!("http://localhost:{}", ports[0]);
        let log = logged.then(|| gantry.database.path().join("everything.log"));
        let mut cluster = Self { gantry, nodes: Vec::new(), ports, redis, log };
        for index in 0..count {
            let node = cluster.node(index).await;
            cluster.nodes.push(Mutex::new(node));
        }
        cluster
    }

    /// The same app, spoken to through a node, under the name that all nodes share.
    pub fn through<'g>(&'g self, app: &App<'g>, index: usize) -> App<'g> {
        App { via: Some(format!("http://127.0.0.1:{}", self.ports[index])), ..app.clone() }
    }

    /// `kill -9`: nothing is flushed, nothing says good-bye.
    pub fn kill(&self, index: usize) {
        self.nodes[index].lock().unwrap().kill();
    }

    /// Starts a killed process again.
    pub async fn restart(&self, index: usize) {
        let node = self.node(index).await;
        *self.nodes[index].lock().unwrap() = node;
    }

    async fn node(&self, index: usize) -> Node {
        let settings =
            NodeSettings { database: &self.gantry.database, public_port: self.ports[0], redis: self.redis, log: self.log.clone() };
        Node::start(&settings, self.ports[index]).await
    }
}
