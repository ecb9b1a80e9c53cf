//! Answering on a local address: few at a time, none for long.

use super::metrics;
use super::watched::{TOO_OLD, Watched};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::{AbortHandle, JoinSet};

/// Connections at a time. One more takes the place of the oldest: whoever holds places without a word keeps nobody out.
const CONNECTIONS: usize = 128;

/// For a client to have said what it asks.
const READ_DEADLINE: Duration = Duration::from_secs(3);

/// For one whole connection, the answer taken included: a client that dawdles holds no place for long.
const DEADLINE: Duration = Duration::from_secs(10);

/// Bytes of what a client says that are held; it needs one line and a few headers.
const LARGEST_REQUEST: usize = 16 * 1024;

/// Questions to the ledger at a time; a run has more need of it.
const LEDGER_QUESTIONS: usize = 4;

/// For the ledger to answer, waiting for a turn included.
const LEDGER_DEADLINE: Duration = Duration::from_secs(5);

const TEXT: &str = "text/plain; charset=utf-8";

/// Answers on `listener` until it is dropped.
pub async fn answer_on(listener: TcpListener, watched: Arc<Watched>) {
    let ledger_turns = Arc::new(Semaphore::new(LEDGER_QUESTIONS));
    // Dropped with this future, and every connection with it.
    let mut connections = JoinSet::new();
    let mut oldest_first: VecDeque<AbortHandle> = VecDeque::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                while connections.try_join_next().is_some() {}
                oldest_first.retain(|connection| !connection.is_finished());
                if oldest_first.len() >= CONNECTIONS
                    && let Some(oldest) = oldest_first.pop_front()
                {
                    oldest.abort();
                }
                let (watched, ledger_turns) = (watched.clone(), ledger_turns.clone());
                oldest_first.push_back(connections.spawn(async move {
                    // A connection that fails concerns its client only.
                    let _ = tokio::time::timeout(DEADLINE, serve(stream, watched, ledger_turns)).await;
                }));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection to serve.listen was not accepted");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

async fn serve(stream: TcpStream, watched: Arc<Watched>, ledger_turns: Arc<Semaphore>) -> hyper::Result<()> {
    let service = service_fn(move |request| {
        let (watched, ledger_turns) = (watched.clone(), ledger_turns.clone());
        async move { Ok::<_, Infallible>(watched.answer(&request, &ledger_turns).await) }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(READ_DEADLINE)
        .max_buf_size(LARGEST_REQUEST)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service)
        .await
}

impl Watched {
    async fn answer(&self, request: &Request<Incoming>, ledger_turns: &Semaphore) -> Response<Full<Bytes>> {
        if request.method() != Method::GET && request.method() != Method::HEAD {
            let mut response = response(StatusCode::METHOD_NOT_ALLOWED, TEXT, "only GET is answered\n".to_owned());
            response.headers_mut().insert(ALLOW, hyper::header::HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        match request.uri().path() {
            "/healthz" => response(StatusCode::OK, TEXT, "ok\n".to_owned()),
            "/readyz" => {
                let (ready, text) = self.readiness(ledger_turns).await;
                response(if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, TEXT, text)
            }
            "/metrics" => match in_turn(ledger_turns, self.metrics()).await {
                Some(Ok(text)) => response(StatusCode::OK, metrics::CONTENT_TYPE, text),
                Some(Err(error)) => response(StatusCode::SERVICE_UNAVAILABLE, TEXT, format!("{error}\n")),
                None => response(StatusCode::SERVICE_UNAVAILABLE, TEXT, "the ledger does not answer\n".to_owned()),
            },
            _ => response(StatusCode::NOT_FOUND, TEXT, "there are /healthz, /readyz and /metrics\n".to_owned()),
        }
    }

    /// Whether each thing that its work needs is in order, and a line on each.
    async fn readiness(&self, ledger_turns: &Semaphore) -> (bool, String) {
        let checks = async { (self.ledger.is_of_this_version().await, self.ledger.last_beat().await) };
        let Some((tables, beat)) = in_turn(ledger_turns, checks).await else {
            return (false, "database: does not answer\n".to_owned());
        };
        let checks = [
            ("database", beat.as_ref().map(|_| "ok".to_owned()).map_err(ToString::to_string)),
            (
                "migrations",
                match tables {
                    Ok(true) => Ok("ok".to_owned()),
                    Ok(false) => Err("the ledger is of another version of boardpack".to_owned()),
                    Err(error) => Err(error.to_string()),
                },
            ),
            (
                "heartbeat",
                match beat {
                    Ok(Some(at)) => {
                        let age = (self.now)().duration_since(at);
                        let words = format!("{} seconds old", age.as_secs());
                        if age <= TOO_OLD { Ok(format!("ok, {words}")) } else { Err(words) }
                    }
                    Ok(None) => Err("there was none yet".to_owned()),
                    Err(error) => Err(error.to_string()),
                },
            ),
        ];
        let ready = checks.iter().all(|(_, result)| result.is_ok());
        let line = |(name, result): &(&str, Result<String, String>)| {
            format!("{name}: {}\n", result.as_ref().unwrap_or_else(|problem| problem))
        };
        (ready, checks.iter().map(line).collect())
    }
}

/// What the ledger answers in time, with few others asking; none where it does not.
async fn in_turn<T>(turns: &Semaphore, question: impl Future<Output = T>) -> Option<T> {
    let answer = async {
        let _turn = turns.acquire().await.ok()?;
        Some(question.await)
    };
    tokio::time::timeout(LEDGER_DEADLINE, answer).await.ok().flatten()
}

fn response(status: StatusCode, content_type: &'static str, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, hyper::header::HeaderValue::from_static("no-store"));
    response
}
