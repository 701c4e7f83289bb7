// The `workbook` executable: one subcommand per file, listed here.

import ArgumentParser
import Basics
import Workbook

struct WorkbookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workbook",
    abstract: "The ConvNet Workbook: chapters that are programs, and exercises that check themselves.",
    usage: "./workbook [COMMAND] [options]",
    subcommands: [
      TableOfContents.self, RunCommand.self,
      // The learner's, then the instructor's.
      CheckCommand.self, WatchCommand.self, HintCommand.self, SolutionCommand.self, ResetCommand.self,
      ProgressCommand.self, GradeCommand.self, HandoutCommand.self, JobsCommand.self, VerifyCommand.self,
      // Pages and data.
      DataCommand.self, LiveCommand.self, BookCommand.self, SlidesCommand.self, ClaimsCommand.self,
      // Models, and how they compare with others.
      PredictCommand.self, ExportCommand.self, ConformanceCommand.self,
      // The reference.
      DocsCommand.self,
      // Commands that the script runs itself.
      TestCommand.self, SetupCommand.self, BenchCommand.self,
    ],
    defaultSubcommand: TableOfContents.self)

  /// The names of all commands.
  static var names: [String] {
    ["help"] + configuration.subcommands.compactMap { $0.configuration.commandName }
  }
}

reportOutputErrorsAtExit()
let typed = Array(CommandLine.arguments.dropFirst())
if let refusal = Script.refusal(of: typed, commands: WorkbookCommand.names, chapters: Checkout.chapters.map(\.name)) {
  do { try Script.stop(refusal) } catch { WorkbookCommand.exit(withError: error) }
}
WorkbookCommand.main()
