// The process in which an answer is called, and which contains nothing else. See AnswerServer.

import CSandbox

AnswerServer.run((0..<5).compactMap { sandbox_argument($0).map { String(cString: $0) } })
