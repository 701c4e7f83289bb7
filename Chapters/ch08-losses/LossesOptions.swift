// The options of chapter 8 beside the shared ones.

import ArgumentParser
import Workbook

/// What is measured beside the chapter's experiments.
struct LossesOptions: ChapterArguments {
  @OptionGroup var shared: ChapterOptions
  @Flag(
    help: """
      With --full: measure temperatures fitted to halves of the test digits, and less label smoothing, those alone, and \
      write the record with them.
      """)
  var controls = false
  @Option(help: "With --full: measure one part alone, and write the record with it.") var part: Part?

  /// What can be measured alone: how soon each ending is at a round error, at many rates; what the endings' probabilities
  /// are worth; how soon each ending is there with Adam; what hangs on the rate that the sweep chooses; starts at which
  /// all outputs are wrong; a softmax too many; a line through outliers.
  enum Part: String, CaseIterable, ExpressibleByArgument { case paces, endings, adam, own, starts, doubled, outliers }

  func validate() throws {
    try shared.requireFull(for: "--controls", controls)
    try shared.requireFull(for: "--part", part != nil)
  }
}
