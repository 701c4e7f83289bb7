// The options of chapter 5 beside the shared ones.

import ArgumentParser
import Workbook

/// What is measured beside the chapter's experiments.
struct NormOptions: ChapterArguments {
  @OptionGroup var shared: ChapterOptions
  @Option(
    help: """
      With --full: measure turning (how far steps turn the weights), controls (nets at rates of their own), decay (weight \
      decay before a norm), noise (statistics of many images; the first net that is missing), depth (nets of up to 40 \
      layers), parts (parts of batch norm; those that are missing) or centred (centred pixels: every rate, Adam, a long \
      training), that alone, and write the record with it.
      """)
  var part: Part?

  /// What can be measured alone.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case turning, controls, decay, noise, depth, parts, centred
  }

  func validate() throws { try shared.requireFull(for: "--part", part != nil) }
}
