// The options of chapter 7 beside the shared ones.

import ArgumentParser
import Workbook

/// What is measured beside the chapter's experiments.
struct RegularizationOptions: ChapterArguments {
  @OptionGroup var shared: ChapterOptions
  @Flag(
    help:
      "With --full: measure more strengths on inputs of noise, and narrower nets, those alone, and write the record with them."
  )
  var wider = false

  func validate() throws {
    try shared.requireFull(for: "--wider", wider)
  }
}
