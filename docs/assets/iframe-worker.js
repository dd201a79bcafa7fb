// Search in pages that are opened from a folder: browsers refuse workers there, so the search script runs in a hidden
// frame that takes and gives messages as a worker does. The name is what mkdocs-material's plugin `offline` looks for.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    #inside;

    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      const inside = frame.contentWindow;
      inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      const script = frame.contentDocument.createElement("script");
      script.src = address;
      this.#inside = new Promise((loaded) => script.addEventListener("load", () => loaded(inside)));
      frame.contentDocument.body.append(script);
    }

    async postMessage(data) {
      const inside = await this.#inside;
      inside.dispatchEvent(new inside.MessageEvent("message", { data }));
    }
  };
}
