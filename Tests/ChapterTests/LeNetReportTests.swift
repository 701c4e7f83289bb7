// Chapter 10: S0's table beside the same here and in PyTorch, and what S0's program does otherwise.

import Foundation
import Testing
import Workbook

@testable import ch10_lenet

@Suite("Chapter 10: S0's table")
struct LeNetReportTests {
  /// Findings with the differences tried on both rows, each multiplying the error by a factor.
  private static func findings(_ factor: (Variant, ProgramDifference) -> Double) -> VariantFindings {
    var findings = LeNetPageTests.full()
    let errors = ["LeNet-5, published σ′": [0.8, 0.82, 0.8], "LeNet-5++": [0.6, 0.61, 0.62]]
    for (name, errors) in errors {
      guard let place = findings.results.firstIndex(where: { $0.name == name }) else { continue }
      findings.results[place] = LeNetPageTests.results(name, errors)
    }
    for row in ProgramDifference.rows {
      for difference in ProgramDifference.allCases {
        let changed = (errors[row.name] ?? []).map { $0 * factor(row, difference) }
        findings.worth?.trials.append(LeNetPageTests.trial(difference.trial(row), changed, rate: 0.02))
      }
    }
    return findings
  }

  @Test("a difference of S0's program explains a row where it moves the error towards S0's beyond chance")
  func differences() throws {
    #expect(LeNetPageTests.full().differences.isEmpty)
    var findings = Self.findings { row, difference in
      difference == .pooling && row.name == "LeNet-5++" ? 1.2 : difference == .start ? 0.9 : 1
    }
    let tried = findings.differences
    #expect(tried.count == 6 && tried.allSatisfy { $0.ours.count == 3 && $0.gap.low > 1 })
    // The seeds differ by the same in all, so only the change is left.
    #expect(tried.filter(\.explains).map(\.difference) == [.pooling])
    #expect(tried.map { $0.factor.mean }.max().map { abs($0 - 1.2) < 1e-9 } == true)
    var text = LeNet.differencesFinding(tried)
    #expect(text.contains("Beyond chance max pooling (× 1.20 in S0's LeNet-5++) moves an error towards S0's."))
    #expect(text.contains("max pooling and weights within ±1/√n alone cannot explain the gap"))
    let table = try #require(LeNet.differencesTable(tried, findings))
    #expect(
      table.rows.count == 5 && table.columns.count == 5 && table.caption.contains("after 2 epochs at 0.02, 3 seeds"))
    #expect(LeNet.page(.variants(findings), RunRecord()).text.contains("max pooling (× 1.20 in S0's LeNet-5++) moves"))
    findings = Self.findings { _, difference in difference == .batches ? 1.0001 : 1 }
    for place in findings.worth?.trials.indices ?? 0..<0 {
      // Seeds that scatter.
      findings.worth?.trials[place].runs[0].errors[1] *= place % 2 == 0 ? 2 : 0.5
    }
    text = LeNet.differencesFinding(findings.differences)
    #expect(text.contains("None moves the error towards S0's by more than chance, and the intervals rule none out."))
    #expect(text.contains("comes nearest ("))
    // Two seeds are no trial.
    for place in findings.worth?.trials.indices ?? 0..<0 { findings.worth?.trials[place].runs.removeLast() }
    #expect(findings.differences.isEmpty)
  }

  @Test("each difference changes one thing")
  func changes() {
    for row in ProgramDifference.rows {
      #expect(ProgramDifference.batches.changed(row.net).repeatsBatches)
      #expect(ProgramDifference.batches.changed(row.net).net == row.net)
      #expect(ProgramDifference.pooling.changed(row.net).net.pooling == .max)
      #expect(!ProgramDifference.pooling.changed(row.net).repeatsBatches)
    }
    #expect(ProgramDifference.start.changed(.published).net.initializer == .torchUniform)
    #expect(ProgramDifference.start.changed(.plusPlus).net.initializer == .lecunUniform)
  }

  @Test("PyTorch's errors are read from the lines of its script, and short rows are left out")
  func lines() throws {
    let peers = PeerRows("lenet5 1 3.5 1.40\nlenet5 2 3.0 1.50\nlenet5plus 1 2.0\nother 1 2 1\n", epochs: 2)
    #expect(peers.errors.count == 1 && peers.errors["LeNet-5"]?.values == [1.4, 1.5])
    let row = LeNetPageTests.results("LeNet-5", [1.4, 1.3, 1.5])
    #expect(abs(try #require(peers.distance(of: row)) + 0.05) < 1e-9)
    #expect(LeNet.peersFinding([row], peers).contains("within 0.05 points of ours"))
    let findings = LeNetPageTests.findings()
    let table = LeNet.reportTable(PageRuns(findings), peers)
    #expect(table.columns.last?.title == "PyTorch (%), 2 seeds" && table.rows.count == 4)
    #expect(PeerRows(beside: findings) == nil)
  }

  @Test("each row of the record is within 0.15 points of PyTorch's mean")
  func peers() throws {
    let kept = try #require(KeptFindings<LeNet.Findings>(recordedOf: LeNet.chapter))
    guard case .variants(let record) = kept.findings else {
      Issue.record("expected variants")
      return
    }
    let peers = try #require(PeerRows(beside: record))
    for row in record.results {
      let distance = try #require(peers.distance(of: row), "\(row.name)")
      #expect(abs(distance) <= 0.15, "\(row.name): \(distance)")
      #expect(peers.errors[row.name]?.count ?? 0 >= 2, "\(row.name)")
    }
    #expect(record.differences.count == 6)
  }
}
