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

  func validate() throws {
    try shared.requireFull(for: "--controls", controls)
  }
}
