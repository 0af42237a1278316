package io.vmrpc.host;

import io.vmrpc.error.Status;
import io.vmrpc.host.service.End;
import io.vmrpc.host.service.Publisher;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.service.SessionInfo;
import io.vmrpc.host.service.Withheld;
import java.util.ArrayList;
import java.util.List;

/** Does what the method number says and remembers what it was told. */
final class ScriptedService implements Service {
    static final int ECHO = 0;
    static final int WITHHOLD = 1;
    static final int SUBSCRIBE = 2;
    static final int THROW = 3;
    static final int FORGET = 4;
    static final int FAIL = 5;
    static final int LONG_TEXT = 6;
    static final int WITHHOLD_AND_THROW = 7;
    static final int REPLY_TWICE = 8;
    static final int TOO_LONG = 9;
    static final int COUNT = 10;
    static final int WITHHOLD_OWN = 11;
    Withheld own;
    final List<Withheld> withheld = new ArrayList<>();
    final List<Publisher> publishers = new ArrayList<>();
    final List<End> ends = new ArrayList<>();
    final List<SessionInfo> ended = new ArrayList<>();
    Request kept;
    int oneWays;

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public void onRequest(final Request request) {
        kept = request;
        if (request.isOneWay()) {
            oneWays++;
        }
        switch (request.method()) {
            case ECHO -> request.reply(request.payload(), request.offset(), request.length());
            case WITHHOLD -> withheld.add(withhold(request));
            case SUBSCRIBE -> publishers.add(subscribe(request));
            case THROW -> throw new IllegalArgumentException("as asked");
            case FORGET -> ends.size();
            case FAIL -> request.fail(Status.PERMISSION_DENIED, 13, "not for you: ask the operator");
            case LONG_TEXT -> request.fail(Status.INTERNAL, 0, "ä".repeat(1000));
            case WITHHOLD_AND_THROW -> {
                withheld.add(withhold(request));
                throw new IllegalArgumentException("as asked, after withholding");
            }
            case REPLY_TWICE -> {
                request.replyLong(1);
                request.replyLong(2);
            }
            case TOO_LONG -> request.reply(request.payload(), 0, 1 << 20);
            case WITHHOLD_OWN -> request.withhold(own);
            default -> request.replyLong(request.length());
        }
    }

    private Withheld withhold(final Request request) {
        final Withheld handle = request.withhold();
        handle.onEnd((ended, why) -> ends.add(why));
        return handle;
    }

    private Publisher subscribe(final Request request) {
        final Publisher handle = request.subscribe();
        handle.onEnd((ended, why) -> ends.add(why));
        return handle;
    }

    @Override
    public void onSessionEnd(final SessionInfo session) {
        ended.add(session);
    }
}
