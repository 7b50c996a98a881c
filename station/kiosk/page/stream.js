// Follows the station's frames. A stream that errs, ends or falls silent is lost; it is opened anew by itself.

const SILENT_MS = 6000; // three of the server's beats
const RETRY_MS = 700;
const PATIENCE_MS = 3000; // for an answer to a touch
const VERSION = new URL(import.meta.url).pathname.split("/")[2];

export function follow({ onFrame, onLost }) {
  let source = null;
  let heard = 0;
  let fresh = true; // the next frame is the first of its stream

  function open() {
    heard = performance.now();
    fresh = true;
    source = new EventSource("/events");
    // Another version means that the station was upgraded under this page.
    source.addEventListener("page", (event) => event.data === VERSION || location.reload());
    source.addEventListener("beat", () => (heard = performance.now()));
    source.addEventListener("message", (event) => {
      heard = performance.now();
      try {
        onFrame(JSON.parse(event.data), fresh);
      } catch (error) {
        lose(); // a frame that cannot be drawn must not leave the one before it on the screen
        throw error;
      }
      fresh = false;
    });
    source.addEventListener("error", lose);
  }

  function lose() {
    if (source === null) return;
    source.close();
    source = null;
    onLost();
    setTimeout(open, RETRY_MS);
  }

  setInterval(() => performance.now() - heard > SILENT_MS && lose(), 500);
  open();
}

// Sends what was touched; false when it did not reach the station.
export async function send(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return answer.ok;
  } catch {
    return false;
  }
}
