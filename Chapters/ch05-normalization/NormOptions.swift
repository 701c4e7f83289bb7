// The options of chapter 5 beside the shared ones.

import ArgumentParser
import Workbook

/// What is measured beside the chapter's experiments.
struct NormOptions: ChapterArguments {
  @OptionGroup var shared: ChapterOptions
  @Flag(
    help: """
      With --full: measure how far a step turns the weights, and nets tested in the wrong mode, those alone, and write \
      the record with them.
      """)
  var turning = false

  func validate() throws {
    if turning && !shared.full {
      throw ValidationError("--turning: expected --full beside it, found none")
    }
  }
}
