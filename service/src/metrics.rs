//! Prometheus metrics. Labels are route templates, methods, statuses and codes: nothing that a
//! client chooses, so neither personal data nor an unbounded number of series.

use std::time::Duration;

use metrics::{counter, gauge, histogram, with_local_recorder};
use metrics_exporter_prometheus::{
    Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

/// Bounds of the histograms, in seconds.
const SECONDS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// The metrics of one service. Each has its own recorder, so that several can run in a process.
pub(crate) struct Metrics {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let builder = PrometheusBuilder::new();
        // The bounds are a constant, sorted and not empty: what `set_buckets` refuses is not.
        let builder = builder
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
            .unwrap_or_default();
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        let metrics = Self { recorder, handle };
        metrics.describe();
        metrics
    }

    fn describe(&self) {
        use metrics::{describe_counter, describe_gauge, describe_histogram};
        with_local_recorder(&self.recorder, || {
            describe_counter!("vouch_http_requests_total", "Requests by route and status");
            describe_histogram!("vouch_http_request_seconds", "Time to the head of the answer");
            describe_counter!("vouch_presentations_total", "Verified presentations by result");
            describe_counter!("vouch_refusals_total", "Refused presentations by code");
            describe_histogram!("vouch_verify_seconds", "Time to verify one call's presentations");
            describe_histogram!("vouch_prove_seconds", "Time to make one job's proofs");
            describe_counter!("vouch_proofs_total", "Proofs made");
            describe_counter!("vouch_ledger_events_total", "Events appended");
            describe_gauge!("vouch_requests_kept", "Requests that are kept");
        });
    }

    pub(crate) fn request(&self, method: &str, route: &str, status: u16, elapsed: Duration) {
        let (method, route) = (method.to_owned(), route.to_owned());
        with_local_recorder(&self.recorder, || {
            let labels = [
                ("method", method.clone()),
                ("route", route.clone()),
                ("status", status.to_string()),
            ];
            counter!("vouch_http_requests_total", &labels).increment(1);
            histogram!("vouch_http_request_seconds", "method" => method, "route" => route)
                .record(elapsed);
        });
    }

    pub(crate) fn verified(&self, refusal: Option<&'static str>) {
        let result = if refusal.is_some() { "refused" } else { "valid" };
        with_local_recorder(&self.recorder, || {
            counter!("vouch_presentations_total", "result" => result).increment(1);
            if let Some(code) = refusal {
                counter!("vouch_refusals_total", "code" => code).increment(1);
            }
        });
    }

    pub(crate) fn verify_time(&self, elapsed: Duration) {
        with_local_recorder(&self.recorder, || histogram!("vouch_verify_seconds").record(elapsed));
    }

    pub(crate) fn proved(&self, proofs: usize, elapsed: Duration) {
        with_local_recorder(&self.recorder, || {
            counter!("vouch_proofs_total").increment(proofs as u64);
            histogram!("vouch_prove_seconds").record(elapsed);
        });
    }

    pub(crate) fn appended(&self, events: usize) {
        with_local_recorder(&self.recorder, || {
            counter!("vouch_ledger_events_total").increment(events as u64);
        });
    }

    /// The text that Prometheus reads.
    pub(crate) fn render(&self, requests_kept: usize) -> String {
        with_local_recorder(&self.recorder, || {
            // A count of requests is far below 2^53.
            gauge!("vouch_requests_kept").set(requests_kept as f64);
        });
        self.handle.render()
    }

    /// Empties the buffers of the histograms.
    pub(crate) fn upkeep(&self) {
        self.handle.run_upkeep();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders_what_was_counted() {
        let metrics = Metrics::new();
        metrics.request("GET", "/v1/requests/{id}", 200, Duration::from_millis(3));
        metrics.verified(Some("replayed"));
        metrics.verified(None);
        let text = metrics.render(7);
        for line in [
            r#"vouch_http_requests_total{method="GET",route="/v1/requests/{id}",status="200"} 1"#,
            r#"vouch_refusals_total{code="replayed"} 1"#,
            r#"vouch_presentations_total{result="valid"} 1"#,
            "vouch_requests_kept 7",
            r#"vouch_http_request_seconds_bucket{method="GET",route="/v1/requests/{id}",le="0.005"} 1"#,
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!(!Metrics::new().render(0).contains("replayed"));
    }
}
