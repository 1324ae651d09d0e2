// What the Lambda service does with the bundle, once: loads it, calls `handler`, tells what came of it.
const [, , bundle] = process.argv;
const context = { getRemainingTimeInMillis: () => 30_000 };

try {
  const { handler } = await import(bundle);
  const summary = await handler({ source: "aws.scheduler" }, context);
  tell({ summary });
} catch (error) {
  tell({ errorType: error.name, errorMessage: error.message });
}

function tell(outcome) {
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}
