namespace ZoeyKlaviyo.Sandbox.Pages;

internal static class IndexPage
{
    public static string Render(SandboxOptions options, int events) => Layout.Page("Sandbox", "/", $"""
        <p class="lead">A stand-in for Klaviyo and a small demo shop, so that ZoeyKlaviyo can be tried, shown and tested
        without a Klaviyo account and without a store. What is sent here stays here{(options.DataDirectory is null ? ", until the sandbox stops" : "")}.</p>
        <div class="cards">
          <section class="card">
            <h2><a href="{Html.Encode(options.AdminUrl)}">The admin</a></h2>
            <p>Connect the store <em>Demo store</em> to Klaviyo there and switch it on. It is expected at <code>{Html.Encode(options.AdminUrl)}</code>.</p>
          </section>
          <section class="card">
            <h2><a href="/shop">Demo shop</a></h2>
            <p>Play a shopper: log in, look at a product, fill a cart, order. The real tracking script tells the admin. Or <a href="/shop/admin">act as a team member</a>.</p>
          </section>
          <section class="card">
            <h2><a href="/klaviyo">What arrived</a></h2>
            <p>Events that the stand-in for Klaviyo accepted, as they come in: {events} so far.</p>
          </section>
          <section class="card">
            <h2><a href="/faults">Faults</a></h2>
            <p>Have the stand-in for Klaviyo fail, throttle or refuse, and see what the admin does then.</p>
          </section>
        </div>
        <h2>For tests and scripts</h2>
        <dl class="routes">
          <dt><a href="/sandbox/events"><code>GET /sandbox/events</code></a></dt><dd>Accepted events in order of arrival; <code>?email=</code>, <code>?metric=</code></dd>
          <dt><a href="/sandbox/counts"><code>GET /sandbox/counts</code></a></dt><dd>How many events are kept, how many repeats were not, and every answer so far by status</dd>
          <dt><a href="/sandbox/requests"><code>GET /sandbox/requests</code></a></dt><dd>The last 2,000 requests to the stand-in, with bodies</dd>
          <dt><a href="/sandbox/accounts"><code>GET /sandbox/accounts</code></a></dt><dd>The demo accounts of Klaviyo</dd>
          <dt><a href="/sandbox/faults"><code>GET /sandbox/faults</code></a></dt><dd>Faults that are on; <code>POST</code> one (a wrong one is answered with what it can have), <code>DELETE</code> all, or one by <code>/sandbox/faults/1</code></dd>
          <dt><a href="/sandbox/store"><code>GET /sandbox/store</code></a></dt><dd>How the store's REST API at <code>/api/rest</code> behaves; <code>PUT</code> what is to differ; below it <code>/requests</code>, <code>/faults</code> and <code>/products</code></dd>
          <dt><a href="/sandbox/orders"><code>GET /sandbox/orders</code></a></dt><dd>The shop's orders; <code>POST</code> one with what matters of it (the rest has defaults), or its new <code>status</code> to <code>/sandbox/orders/123/status</code></dd>
          <dt><a href="/sandbox/subscribers"><code>GET /sandbox/subscribers</code></a></dt><dd>The shop's newsletter: status 1 is subscribed, 3 unsubscribed</dd>
          <dt><code>POST /sandbox/reset</code></dt><dd>Forget events, created lists, requests, counts, faults, orders and subscribers; connections, customers and carts stay</dd>
          <dt><code>/oauth/authorize</code>, <code>/oauth/token</code>, <code>/oauth/revoke</code>, <code>/api/…</code></dt><dd>Klaviyo, checked against its official contract</dd>
        </dl>
        """);
}
