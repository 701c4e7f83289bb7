// What the `workbook` script does with command lines and with machines on which something is missing.

import Foundation
import Testing

@Suite("The workbook script: command lines")
struct ScriptCommandTests {
  @Test(
    "a chapter is found by name, number, short name or beginning, and gets its arguments untouched",
    arguments: ["ch10-lenet", "ch10", "10", "lenet", "LeNet", "CH10", "len", "010"])
  func spellings(_ typed: String) throws {
    let sandbox = try Sandbox()
    let outcome = try sandbox.workbook("run", typed, "--out", "a folder", "*", "")
    #expect(outcome.code == 0)
    #expect(outcome.output == "<--out><a folder><*><> in \(sandbox.root.path) root \(sandbox.root.path)\n")
    #expect(sandbox.calls.contains { $0.contains("--product ch10-lenet") })
  }

  @Test("standard output belongs to the chapter; building speaks on standard error")
  func cleanOutput() throws {
    let sandbox = try Sandbox()
    let outcome = try sandbox.workbook("run", "4")
    #expect(outcome.output == "<> in \(sandbox.root.path) root \(sandbox.root.path)\n")
    #expect(outcome.error == "workbook: building ch04-weight-init …\n")
  }

  @Test("called through a link from another folder, it finds its checkout and stays in the caller's folder")
  func fromElsewhere() throws {
    let sandbox = try Sandbox()
    let elsewhere = sandbox.folder.appendingPathComponent("else where")
    try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
    let link = elsewhere.appendingPathComponent("wb")
    try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "../checkout/workbook")
    let outcome = try sandbox.workbook("run", "lenet", from: elsewhere, script: link)
    #expect(outcome.output == "<> in \(elsewhere.path) root \(sandbox.root.path)\n")
  }

  @Test(
    "all else goes to the executable untouched: its commands, help, and names that do not exist or are not clear",
    arguments: [
      ([], "<>"), (["--version"], "<--version>"), (["check", "4.2"], "<check><4.2>"), (["--help"], "<--help>"),
      (["help", "check"], "<help><check>"), (["chekc"], "<chekc>"), (["ch04", "--quick"], "<ch04><--quick>"),
      (["run"], "<run>"), (["run", "--quick"], "<run><--quick>"), (["run", "--help"], "<run><--help>"),
      (["run", "lenett", "a b"], "<run><lenett><a b>"), (["run", "ch"], "<run><ch>"), (["run", ""], "<run><>"),
    ])
  func executable(_ arguments: [String], _ received: String) throws {
    let sandbox = try Sandbox()
    let environment = [
      "PATH": sandbox.folder.path + "/bin", "WORKBOOK_SYSROOT": sandbox.folder.path + "/system",
    ]
    let outcome = try Sandbox.run(
      "/bin/bash", [sandbox.root.path + "/workbook"] + arguments, in: sandbox.root, environment: environment)
    #expect(outcome.output.hasPrefix(received + " in"))
    #expect(sandbox.calls.contains { $0.contains("--product workbook") })
    #expect(!sandbox.calls.contains { $0.contains("--product ch") })
  }

  @Test("test passes its options on; a filter under which no test runs is an error")
  func filters() throws {
    let sandbox = try Sandbox()
    #expect(try sandbox.workbook("test", "--parallel").code == 0)
    #expect(sandbox.calls.last?.hasPrefix("swift test --package-path") == true)
    #expect(sandbox.calls.last?.hasSuffix(" --parallel") == true)
    #expect(try sandbox.workbook("test", "--filter", "Conv2D").code == 0)
    try sandbox.installSwift(version: "6.3", test: "echo 'Test run with 0 tests passed'")
    let nothing = try sandbox.workbook("test", "--filter", "Conv3D")
    #expect(nothing.code == 64)
    #expect(nothing.error.contains("nothing matches  --filter Conv3D"))
    try sandbox.installSwift(version: "6.3", test: "exit 1")
    #expect(try sandbox.workbook("test", "--filter", "Conv2D").code == 1)
    #expect(try sandbox.workbook("test").code == 1)
  }

  @Test("what has not changed is not built again; a saved file, an older copy and a deletion are seen")
  func rebuilding() throws {
    let sandbox = try Sandbox()
    func builds() throws -> Int {
      _ = try sandbox.workbook("run", "4")
      return sandbox.calls.filter { $0.hasPrefix("swift build") }.count
    }
    #expect(try builds() == 1)
    #expect(try builds() == 1)
    try sandbox.write("checkout/Chapters/ch04-weight-init/main.swift", "import Workbook  // edited\n")
    #expect(try builds() == 2)
    let file = sandbox.root.path + "/Sources/workbook-cli/Check.swift"
    let lastYear = Date(timeIntervalSinceNow: -3e7)
    try FileManager.default.setAttributes([.modificationDate: lastYear], ofItemAtPath: file)
    #expect(try builds() == 3)
    try sandbox.remove("checkout/Sources/workbook-cli/Check.swift")
    #expect(try builds() == 4)
    #expect(try builds() == 4)
    // Another chapter's text is no part of this one.
    try sandbox.write("checkout/Chapters/ch10-lenet/main.swift", "import Workbook  // edited\n")
    #expect(try builds() == 4)
  }

  @Test("a build that fails shows the compiler's words once and runs nothing")
  func failedBuild() throws {
    let sandbox = try Sandbox()
    let build = """
      echo '[1/2] Compiling A'; for i in 1 2; do echo "main.swift:2:1: error: no such thing"; done; exit 1
      """
    try sandbox.installSwift(version: "6.3", build: build)
    let outcome = try sandbox.workbook("run", "4")
    #expect(outcome.code == 70)
    #expect(outcome.output.isEmpty)
    #expect(outcome.error.components(separatedBy: "error: no such thing").count == 2)
    #expect(!outcome.error.contains("[1/2]"))
    // The failure is not remembered as a success.
    try sandbox.installSwift(version: "6.3")
    #expect(try sandbox.workbook("run", "4").code == 0)
  }
}

@Suite("The workbook script: machines on which something is missing")
struct ScriptSetUpTests {
  @Test("without Swift, or with one before 6.2, it says which one is needed and where to get it")
  func swift() throws {
    let sandbox = try Sandbox()
    for version in ["5.10", "6.1"] {
      try sandbox.installSwift(version: version)
      let old = try sandbox.workbook("run", "4")
      #expect(old.code == 69)
      #expect(old.error.contains("Swift 6.2 or newer is needed") && old.error.contains(version))
    }
    try sandbox.remove("bin/swift")
    let none = try sandbox.workbook("setup")
    #expect(none.code == 69)
    #expect(none.error.contains("there is no 'swift' on the PATH") && none.error.contains("swift.org"))
  }

  @Test("the version of Swift is asked for once")
  func swiftOnce() throws {
    let sandbox = try Sandbox()
    for _ in 1...3 { #expect(try sandbox.workbook("setup").code == 0) }
    #expect(sandbox.calls == ["swift --version"])
  }

  /// A missing thing, what a person calls it, and Debian's package of it.
  struct Missing: Sendable, CustomTestStringConvertible {
    var path: String
    var name: String
    var package: String
    var testDescription: String { name }
    static let all = [
      Missing(path: "bin/gnuplot", name: "gnuplot", package: "gnuplot-nox"),
      Missing(path: "bin/git", name: "git", package: "git"),
      Missing(path: "bin/ld", name: "a linker", package: "binutils"),
      Missing(
        path: "system/usr/include/gnuplot-iostream.h", name: "gnuplot-iostream", package: "libgnuplot-iostream-dev"),
      Missing(path: "system/usr/include/zlib.h", name: "zlib", package: "zlib1g-dev"),
      Missing(path: "system/usr/include/png.h", name: "libpng", package: "libpng-dev"),
      Missing(
        path: "system/usr/lib/x86_64-linux-gnu/libboost_filesystem.so", name: "Boost.filesystem",
        package: "libboost-filesystem-dev"),
    ]
  }

  @Test("apt installs exactly what is missing, without questions, and the chapter runs", arguments: Missing.all)
  func apt(_ missing: Missing) throws {
    let sandbox = try Sandbox()
    try sandbox.remove(missing.path)
    try sandbox.tool("sudo", "[ \"$1\" = -n ] && shift; exec \"$@\"")
    try sandbox.tool("true", "")
    let path = sandbox.folder.appendingPathComponent(missing.path).path
    try sandbox.tool(
      "apt-get",
      """
      case "$*" in *install*)
        [ "$DEBIAN_FRONTEND" = noninteractive ] || exit 9
        echo '#!/bin/bash' >'\(path)'; chmod +x '\(path)'
      esac
      """)
    let outcome = try sandbox.workbook("run", "4")
    #expect(outcome.code == 0)
    #expect(outcome.output.hasPrefix("<> in"))
    #expect(outcome.error.contains("this machine lacks: \(missing.name)"))
    let apt = sandbox.calls.filter { $0.hasPrefix("apt-get") }
    #expect(apt.count == 2)
    #expect(apt.first?.hasSuffix("update") == true)
    #expect(apt.last?.hasSuffix("install -y --no-install-recommends \(missing.package)") == true)
    // The second time there is nothing to do or to say.
    let again = try sandbox.workbook("run", "4")
    #expect(again.error.isEmpty)
    #expect(sandbox.calls.filter { $0.hasPrefix("apt-get") }.count == 2)
  }

  @Test("when apt fails, its reason is shown with what to type, and nothing is built")
  func aptFails() throws {
    let sandbox = try Sandbox()
    try sandbox.remove("bin/gnuplot")
    try sandbox.tool("sudo", "[ \"$1\" = -n ] && shift; exec \"$@\"")
    try sandbox.tool("true", "")
    try sandbox.tool("apt-get", "echo 'E: Unable to fetch some archives'; exit 100")
    let outcome = try sandbox.workbook("run", "4")
    #expect(outcome.code == 69)
    #expect(outcome.error.contains("  E: Unable to fetch some archives"))
    #expect(outcome.error.contains("apt-get install gnuplot-nox"))
    #expect(!sandbox.calls.contains { $0.hasPrefix("swift build") })
  }

  @Test("apt that ends well without bringing the file is not believed")
  func aptLies() throws {
    let sandbox = try Sandbox()
    try sandbox.remove("bin/gnuplot")
    try sandbox.tool("sudo", "[ \"$1\" = -n ] && shift; exec \"$@\"")
    try sandbox.tool("true", "")
    try sandbox.tool("apt-get", "")
    let outcome = try sandbox.workbook("setup")
    #expect(outcome.code == 69)
    #expect(outcome.error.contains("still missing: gnuplot"))
  }

  @Test("WORKBOOK_INSTALL=no installs nothing and says what to type")
  func installNothing() throws {
    let sandbox = try Sandbox()
    try sandbox.remove("bin/gnuplot")
    try sandbox.tool("apt-get", "")
    let outcome = try sandbox.workbook("setup", environment: ["WORKBOOK_INSTALL": "no"])
    #expect(outcome.code == 69)
    #expect(outcome.error.contains("apt-get install gnuplot-nox"))
    #expect(!sandbox.calls.contains { $0.hasPrefix("apt-get") })
  }

  @Test("the C++ headers of the newest gcc must be there: the compiler takes no others")
  func headers() throws {
    let sandbox = try Sandbox()
    try sandbox.tool("apt-get", "")
    for version in ["9", "12"] {
      try sandbox.write("system/usr/lib/gcc/x86_64-linux-gnu/\(version)/crtbegin.o", "")
      try sandbox.write("system/usr/include/c++/\(version)/map", "")
    }
    #expect(try sandbox.workbook("setup").code == 0)
    try sandbox.write("system/usr/lib/gcc/x86_64-linux-gnu/14/crtbegin.o", "")
    let outcome = try sandbox.workbook("setup", environment: ["WORKBOOK_INSTALL": "no"])
    #expect(outcome.code == 69)
    #expect(outcome.error.contains("this machine lacks: C++ headers for gcc 14.\n"))
    #expect(outcome.error.contains("apt-get install libstdc++-14-dev"))
  }

  @Test("libraries that Swift is linked with are named and installed together with all else, and looked for once")
  func librariesOfSwift() throws {
    let sandbox = try Sandbox()
    try sandbox.remove("bin/gnuplot")
    let gnuplot = sandbox.folder.path + "/bin/gnuplot"
    try sandbox.tool(
      "ldd",
      """
      [ -e '\(gnuplot)' ] || printf '\\t%s => not found\\n' libncurses.so.6 libxml2.so.2 libsqlite3.so.0 libxml2.so.2
      printf '\\tlibc.so.6 => /lib/libc.so.6 (0x7f00)\\n'
      """)
    try sandbox.tool("sudo", "[ \"$1\" = -n ] && shift; exec \"$@\"")
    try sandbox.tool("true", "")
    let install = "case \"$*\" in *install*) echo '#!/bin/bash' >'\(gnuplot)'; chmod +x '\(gnuplot)'; esac"
    try sandbox.tool("apt-get", install)
    let packages = "libncurses6 libxml2 libsqlite3-0 gnuplot-nox"
    let told = try sandbox.workbook("setup", environment: ["WORKBOOK_INSTALL": "no"])
    #expect(told.code == 69)
    #expect(
      told.error.contains(
        "lacks: libncurses.so.6 (for Swift), libxml2.so.2 (for Swift), libsqlite3.so.0 (for Swift), gnuplot.\n"))
    #expect(told.error.contains("apt-get install \(packages)\n"))
    #expect(!sandbox.calls.contains { $0.hasPrefix("swift") || $0.hasPrefix("apt-get") })
    #expect(try sandbox.workbook("setup").code == 0)
    #expect(sandbox.calls.contains { $0.hasSuffix("--no-install-recommends \(packages)") })
    let calls = sandbox.calls.count
    #expect(try sandbox.workbook("setup").code == 0)
    #expect(sandbox.calls.count == calls)
  }

  @Test("Swift that does not run is told in its own words")
  func brokenSwift() throws {
    let sandbox = try Sandbox()
    try sandbox.tool("swift", "echo 'swift: error while loading shared libraries: libncurses.so.6' >&2; exit 127")
    let outcome = try sandbox.workbook("setup")
    #expect(outcome.code == 69)
    #expect(outcome.error.contains("loading shared libraries: libncurses.so.6"))
  }

  @Test("on other systems it says what to type there", arguments: ["brew", "dnf", "pacman", "zypper", "apk"])
  func otherSystems(_ manager: String) throws {
    let sandbox = try Sandbox()
    try sandbox.remove("bin/gnuplot")
    try sandbox.remove("system/usr/include/gnuplot-iostream.h")
    try sandbox.tool(manager, "")
    let outcome = try sandbox.workbook("run", "4")
    #expect(outcome.code == 69)
    #expect(outcome.error.contains("this machine lacks: gnuplot, gnuplot-iostream"))
    #expect(outcome.error.contains("\(manager) "))
    #expect(outcome.error.contains("gnuplot-iostream.h"))
    #expect(!sandbox.calls.contains { $0.hasPrefix(manager) })
  }
}
