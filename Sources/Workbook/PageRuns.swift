// Which run a page reports: its own, or the recorded full one with its own beside it.

import Notebook

/// The runs that a page is made from.
public struct PageRuns<Findings> {
  /// What figures, questions and takeaway are about.
  public let reported: Findings
  /// This run.
  public let live: Findings
  /// The recorded run, where the page reports that one.
  public let source: RunRecord?

  /// Reports the run itself.
  public init(_ live: Findings) { (self.live, reported, source) = (live, live, nil) }

  /// Reports the recorded run, beside the one just made.
  public init(_ live: Findings, reporting recorded: Findings, of source: RunRecord) {
    (self.live, reported, self.source) = (live, recorded, source)
  }

  /// Whether the recorded run is reported.
  public var isRecorded: Bool { source != nil }
  /// The beginning of a caption.
  public var origin: String { isRecorded ? "Recorded run. " : "" }
}
