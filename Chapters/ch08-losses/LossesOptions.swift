// The options of chapter 8 beside the shared ones.

import ArgumentParser
import Workbook

/// What is measured beside the chapter's experiments.
struct LossesOptions: ChapterArguments {
  @OptionGroup var shared: ChapterOptions
  @Option(help: "With --full: measure one part alone, and write the record with it.") var part: Part?

  /// What can be measured alone: how soon each ending is at a round error, at many rates; a class that is rare; how sure
  /// nets are, and how right; a line through outliers; bad starts and bare outputs; a number added to a rare class's logit.
  enum Part: String, CaseIterable, ExpressibleByArgument { case race, rare, calibration, outliers, starts, shifts }

  func validate() throws {
    try shared.requireFull(for: "--part", part != nil)
  }
}
