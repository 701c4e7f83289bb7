// The options of chapter 7 beside the shared ones.

import ArgumentParser
import Workbook

/// What is measured beside the chapter's experiments.
struct RegularizationOptions: ChapterArguments {
  @OptionGroup var shared: ChapterOptions
  @Option(
    help: ArgumentHelp(
      "With --full: measure one part alone, and write the record with it: rates that all seeds choose, bias and variance on digits, the photographs of --data, the moons or wrong labels at own rates, Adam, or nets of other widths.",
      valueName: "rates|variance|photographs|moons|labels|adam|widths"))
  var part: Part?

  enum Part: String, CaseIterable, ExpressibleByArgument {
    case rates, variance, photographs, moons, labels, adam, widths
  }

  func validate() throws {
    try shared.requireFull(for: "--part", part != nil)
  }
}
