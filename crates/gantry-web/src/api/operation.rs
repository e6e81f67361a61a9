//! What an operation of the admin API is: said once, where its handler is, and read by the server, by the
//! OpenAPI document and by the tests alike.

use std::future::Future;
use std::pin::Pin;

use gantry_core::admin_scope::AdminScope;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value;

use super::call::Call;
use super::reply::Reply;

/// The work of an operation.
type Work = Box<dyn for<'c> Fn(&'c Call) -> Working<'c> + Send + Sync>;
/// That work under way.
pub(super) type Working<'c> = Pin<Box<dyn Future<Output = Result<Reply, Failure>> + 'c>>;

/// What an operation does to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes something, or does something once.
    Post,
    /// Sets what stands at an address.
    Put,
    /// Changes the members that are sent (RFC 7396).
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A parameter of the query.
#[derive(Debug, Clone, Copy)]
pub struct QueryParameter {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub description: &'static str,
}

/// Says what a list is narrowed by. Every list has `limit` and `after`.
pub(super) const PAGING: &[QueryParameter] = &[
    QueryParameter { name: "limit", description: "The most entries of the page: 1 to 200, 50 by default." },
    QueryParameter { name: "after", description: "`next` of the page before, as it was." },
];

/// A shape on the wire.
pub(super) struct Shape {
    /// Adds it to a document and refers to it.
    pub(super) subschema: fn(&mut SchemaGenerator) -> Schema,
    /// The whole of it, to check requests by.
    pub(super) root: Value,
}

impl Shape {
    fn of<T: JsonSchema>() -> Self {
        Self { subschema: SchemaGenerator::subschema_for::<T>, root: schemars::schema_for!(T).to_value() }
    }
}

/// One operation.
pub struct Operation {
    method: Method,
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    description: &'static str,
    scope: AdminScope,
    operators_only: bool,
    status: u16,
    ends: bool,
    conditional: bool,
    query: Vec<QueryParameter>,
    captures: &'static [(&'static str, &'static str)],
    problems: Vec<ErrorCode>,
    pub(super) body: Option<Shape>,
    pub(super) answer: Option<Shape>,
    example: Option<Value>,
    example_query: &'static str,
    pub(super) work: Option<Work>,
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.id, self.method.as_str(), self.path)
    }
}

/// What is said of an operation, for documents and tests.
impl Operation {
    /// Its method.
    pub const fn method(&self) -> Method {
        self.method
    }

    /// Its path below `/api/admin/v1`, with `{parameters}`.
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// Its name, of which there is one.
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// What it does, in a few words.
    pub const fn summary(&self) -> &'static str {
        self.summary
    }

    /// What one has to know.
    pub const fn description(&self) -> &'static str {
        self.description
    }

    /// What an account must be allowed, all of it: whoever changes a part of a record reads the rest of it.
    pub fn scopes(&self) -> Vec<AdminScope> {
        let read = self.scope.as_str().replace(":write", ":read");
        let reads = matches!(self.method, Method::Patch | Method::Put);
        let read = AdminScope::parse(&read).filter(|read| reads && *read != self.scope);
        std::iter::once(self.scope).chain(read).collect()
    }

    /// Whether only accounts of the realm `system` have it.
    pub const fn operators_only(&self) -> bool {
        self.operators_only
    }

    /// The status of its success.
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Whether it ends what the operations before it made: its example comes last.
    pub const fn ends(&self) -> bool {
        self.ends
    }

    /// Whether it takes `If-Match`: the tag of what its address answers to GET.
    pub const fn is_conditional(&self) -> bool {
        self.conditional
    }

    /// The parameters of its query.
    pub fn query(&self) -> &[QueryParameter] {
        &self.query
    }

    /// What its example leaves for those after it: the name of a path's parameter, and where in the answer its
    /// value is (RFC 6901).
    pub const fn captures(&self) -> &'static [(&'static str, &'static str)] {
        self.captures
    }

    /// How it can fail, beyond what each of them can.
    pub fn problems(&self) -> &[ErrorCode] {
        &self.problems
    }

    /// Whether it takes a body.
    pub const fn takes_body(&self) -> bool {
        self.body.is_some()
    }

    /// The JSON Schema of its answer; none where nothing is answered.
    pub fn answer_schema(&self) -> Option<&Value> {
        self.answer.as_ref().map(|shape| &shape.root)
    }

    /// A body that it takes.
    pub const fn example(&self) -> Option<&Value> {
        self.example.as_ref()
    }

    /// A query that it takes.
    pub const fn example_query(&self) -> &'static str {
        self.example_query
    }

    /// The names in its path.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
    }
}

/// How an operation is said.
impl Operation {
    fn new(method: Method, path: &'static str, id: &'static str, scope: AdminScope) -> Self {
        Self {
            method,
            path,
            id,
            summary: "",
            description: "",
            scope,
            operators_only: false,
            status: 200,
            ends: false,
            conditional: false,
            query: Vec::new(),
            captures: &[],
            problems: Vec::new(),
            body: None,
            answer: None,
            example: None,
            example_query: "",
            work: None,
        }
    }

    pub(super) fn get(path: &'static str, id: &'static str, scope: AdminScope) -> Self {
        Self::new(Method::Get, path, id, scope)
    }

    /// Makes something: 201.
    pub(super) fn post(path: &'static str, id: &'static str, scope: AdminScope) -> Self {
        Self { status: 201, ..Self::new(Method::Post, path, id, scope) }.can(&[ErrorCode::Conflict])
    }

    /// Does something: 200.
    pub(super) fn act(path: &'static str, id: &'static str, scope: AdminScope) -> Self {
        Self::new(Method::Post, path, id, scope)
    }

    pub(super) fn put(path: &'static str, id: &'static str, scope: AdminScope) -> Self {
        Self { conditional: true, ..Self::new(Method::Put, path, id, scope) }.can(&[ErrorCode::PreconditionFailed])
    }

    pub(super) fn patch(path: &'static str, id: &'static str, scope: AdminScope) -> Self {
        Self { conditional: true, ..Self::new(Method::Patch, path, id, scope) }.can(&[ErrorCode::PreconditionFailed, ErrorCode::Conflict])
    }

    pub(super) fn delete(path: &'static str, id: &'static str, scope: AdminScope) -> Self {
        Self { conditional: true, ..Self::end(path, id, scope) }.can(&[ErrorCode::PreconditionFailed])
    }

    /// Ends what has no representation at this address, and so no `ETag` that a condition could name.
    pub(super) fn end(path: &'static str, id: &'static str, scope: AdminScope) -> Self {
        Self { status: 204, ends: true, ..Self::new(Method::Delete, path, id, scope) }
    }

    pub(super) const fn says(mut self, summary: &'static str, description: &'static str) -> Self {
        (self.summary, self.description) = (summary, description);
        self
    }

    pub(super) const fn for_operators(mut self) -> Self {
        self.operators_only = true;
        self
    }

    /// Its example comes after those that need what it ends.
    pub(super) const fn ending(mut self) -> Self {
        self.ends = true;
        self
    }

    pub(super) const fn answers_with(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub(super) fn paged(mut self) -> Self {
        self.query.extend_from_slice(PAGING);
        self
    }

    pub(super) fn narrowed_by(mut self, name: &'static str, description: &'static str) -> Self {
        self.query.push(QueryParameter { name, description });
        self
    }

    pub(super) fn can(mut self, problems: &[ErrorCode]) -> Self {
        self.problems.extend_from_slice(problems);
        self
    }

    /// The body, of which nothing unknown is taken.
    pub(super) fn takes<T: JsonSchema>(mut self, example: Value) -> Self {
        (self.body, self.example) = (Some(Shape::of::<T>()), Some(example));
        self
    }

    pub(super) const fn asks(mut self, query: &'static str) -> Self {
        self.example_query = query;
        self
    }

    pub(super) fn answers<T: JsonSchema>(mut self) -> Self {
        self.answer = Some(Shape::of::<T>());
        self
    }

    pub(super) const fn captures_as(mut self, captures: &'static [(&'static str, &'static str)]) -> Self {
        self.captures = captures;
        self
    }

    pub(super) fn does(mut self, work: impl for<'c> Fn(&'c Call) -> Working<'c> + Send + Sync + 'static) -> Self {
        self.work = Some(Box::new(work));
        self
    }
}
