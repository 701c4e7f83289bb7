// The process in which an answer is called, and which holds nothing else. See AnswerServer.

AnswerServer.run(CommandLine.arguments)
