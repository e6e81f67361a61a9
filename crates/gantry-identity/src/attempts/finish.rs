//! The way back: a browser came from a provider.

use gantry_connect::connector::{Expected, Failed, Hops, Returned};
use gantry_core::connection::Connection;
use gantry_core::failure::Failure;
use gantry_core::id::AuthorizationRequestId;
use gantry_core::parameters::Parameters;
use gantry_core::realm::Realm;
use gantry_core::secret::SecretKind;
use gantry_core::sign_in_attempt::SignInAttempt;
use gantry_core::sign_in_trace::SignInProblem;
use gantry_store::RealmTx;

use super::{Refused, UpstreamSignIn};
use crate::Visit;
use crate::sign_in::upstream::{Arrival, Arrived, Notice};

/// A browser at a connection's callback address.
#[derive(Debug)]
pub struct Return<'r> {
    /// The connection whose address it is.
    pub connection: Connection,
    /// That address.
    pub callback: &'r str,
    /// What it brought.
    pub parameters: Parameters,
    /// What is mailed when an account gets a new way to sign in.
    pub notice: Notice<'r>,
}

/// What came of it.
#[derive(Debug)]
pub enum Ended {
    /// The rules about people have the word.
    Arrived {
        /// What they say; never a refusal.
        arrived: Arrived,
        /// The authorization request that goes on.
        request: Option<AuthorizationRequestId>,
    },
    /// It failed.
    Refused(Refused),
}

impl UpstreamSignIn {
    /// Takes somebody back. The attempt is used up before anything is asked of the provider, so that no code leaves
    /// this server twice, or for a conversation that this browser did not begin with this connection.
    pub async fn finish(&self, realm: &Realm, back: Return<'_>, visit: &Visit<'_>) -> Result<Ended, Failure> {
        let Some(attempt) = self.consume(realm, &back, visit).await? else {
            let unknown = Refused {
                problem: SignInProblem::UnknownAttempt,
                trace: None,
                connection: Box::new(back.connection),
                request: None,
                purpose: None,
            };
            return Ok(Ended::Refused(unknown));
        };
        let mut hops = Hops::new(self.clock.clone());
        let finished = match self.check(&attempt, &back.connection) {
            Ok(()) => {
                let registration = self.registration(back.connection.clone(), back.callback).await?;
                let expected = Expected { nonce: attempt.nonce.clone(), verifier: attempt.verifier.clone(), max_age: attempt.max_age };
                self.connectors.finish(&registration, &expected, &Returned { parameters: back.parameters }, &mut hops).await
            }
            Err(failed) => Err(failed),
        };
        let finished = match finished {
            Ok(finished) => finished,
            Err(failed) => {
                let trace = self.store.read(realm.id).sign_in_traces().find(attempt.trace).await?;
                if let Some(trace) = trace {
                    self.refuse(trace, hops, &failed, visit.origin).await?;
                }
                return Ok(Ended::Refused(refused(failed.problem, &attempt, back.connection)));
            }
        };
        let arrival = Arrival { attempt: &attempt, identity: finished.identity, tokens: finished.tokens, notice: back.notice };
        match self.identity.sign_in_from_upstream(realm, arrival, visit, hops.into_vec()).await? {
            Arrived::Refused(problem) => Ok(Ended::Refused(refused(problem, &attempt, back.connection))),
            arrived @ (Arrived::SignedIn(_) | Arrived::Linked(_) | Arrived::Prove(_) | Arrived::Mergeable(_)) => {
                Ok(Ended::Arrived { arrived, request: attempt.request })
            }
        }
    }

    /// The attempt of a callback: of this browser, at this connection, once.
    async fn consume(&self, realm: &Realm, back: &Return<'_>, visit: &Visit<'_>) -> Result<Option<SignInAttempt>, Failure> {
        let Some(state) = back.parameters.secret("state") else { return Ok(None) };
        if SecretKind::UpstreamState.unwrap(state.expose()).is_none() {
            return Ok(None);
        }
        // Committed by itself: whatever comes after it, it is used up.
        let consume = async |tx: &RealmTx| Ok(tx.sign_in_attempts().consume(back.connection.id, state.digest(), visit.browser).await?);
        self.store.transact(realm.id, consume).await
    }

    /// What can be known without asking anybody.
    fn check(&self, attempt: &SignInAttempt, connection: &Connection) -> Result<(), Failed> {
        if attempt.expires_at <= self.clock.now() {
            return Err(Failed::new(SignInProblem::UnknownAttempt, "the person took too long at the provider"));
        }
        if !connection.stands_since(attempt.created_at) {
            return Err(Failed::new(SignInProblem::ConnectionDisabled, "the connection was switched off in between"));
        }
        Ok(())
    }
}

fn refused(problem: SignInProblem, attempt: &SignInAttempt, connection: Connection) -> Refused {
    Refused {
        problem,
        trace: Some(attempt.trace),
        connection: Box::new(connection),
        request: attempt.request,
        purpose: Some(attempt.purpose),
    }
}
