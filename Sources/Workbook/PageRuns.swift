// The run that a page reports: its own, or the recorded full run next to its own.

import Notebook

/// The runs behind a page.
public struct PageRuns<Findings> {
  /// The findings that figures, questions and takeaway report.
  public let reported: Findings
  /// The findings of this run.
  public let live: Findings
  /// The recorded run, if the page reports it.
  public let source: RunRecord?

  /// Reports the run itself.
  public init(_ live: Findings) { (self.live, reported, source) = (live, live, nil) }

  /// Reports the recorded run, next to the one just made.
  public init(_ live: Findings, reporting recorded: Findings, of source: RunRecord) {
    (self.live, reported, self.source) = (live, recorded, source)
  }

  /// Whether the recorded run is reported.
  public var isRecorded: Bool { source != nil }
  /// The beginning of a caption.
  public var origin: String { isRecorded ? "Recorded run. " : "" }
}
